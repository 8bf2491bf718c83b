namespace SteeredChat;

/// <summary>Where fitted maps are kept between runs: the user's cache folder of the operating system.</summary>
internal static class CacheFolder
{
    public static string Path { get; } = System.IO.Path.Combine(Root(), "semantickernel-steering", "maps");

    private static string Root()
    {
        // The variable counts everywhere, but must hold an absolute path, as its specification says.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } folder && System.IO.Path.IsPathFullyQualified(folder))
        {
            return folder;
        }

        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS() ? System.IO.Path.Combine(home, "Library", "Caches") : System.IO.Path.Combine(home, ".cache");
    }
}
