namespace SemanticKernel.Steering;

/// <summary>Both sets of texts on their way through a model, stopping at every site that is fitted. For one thread.</summary>
internal interface ICausalRun
{
    /// <summary>Goes on to the next site, past all maps so far.</summary>
    /// <returns>The site; null behind the last one.</returns>
    CausalStop? RunToNextSite();

    /// <summary>Sends the texts through the map of the site where they stand, at strength 1, before they go on.</summary>
    void Steer(SiteMap map);
}
