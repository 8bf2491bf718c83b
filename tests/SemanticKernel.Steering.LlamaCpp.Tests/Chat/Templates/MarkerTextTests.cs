using SemanticKernel.Steering.LlamaCpp.Chat.Templates;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

public sealed class MarkerTextTests
{
    [Theory]
    [InlineData("<|im_end|>")]
    [InlineData("<|tool_response>")]
    [InlineData("<turn|>")]
    [InlineData("<｜User｜>")]
    [InlineData("<start_of_turn>")]
    [InlineData("<think>")]
    [InlineData("</s>")]
    [InlineData("[INST]")]
    [InlineData("[/INST]")]
    [InlineData("[|user|]")]
    [InlineData("<<SYS>>")]
    public void LooksLikeMarker_Marker_IsTrue(string token) => Assert.True(MarkerText.LooksLikeMarker(token));

    [Theory]
    [InlineData("  ")]
    [InlineData("\n\n")]
    [InlineData("<table>")]
    [InlineData("</h1>")]
    [InlineData("sop")]
    [InlineData("->")]
    [InlineData("[]")]
    [InlineData("|---|")]
    public void LooksLikeMarker_OrdinaryText_IsFalse(string token) => Assert.False(MarkerText.LooksLikeMarker(token));

    [Theory]
    [InlineData("\n<</SYS>>\n\n", new[] { "<</SYS>>" })]
    [InlineData(" [/INST]", new[] { "[/INST]" })]
    [InlineData("<|user|>\n", new[] { "<|user|>" })]
    [InlineData("\n### Instruction:\n", new[] { "### Instruction:" })]
    [InlineData("\nGPT4 Correct User: ", new[] { "GPT4 Correct User:" })]
    [InlineData(" Ассистент:[SEP]", new[] { "[SEP]", "Ассистент:" })]
    [InlineData("user\n", new string[0])]
    public void FindIn_TemplateText_FindsMarkers(string text, string[] expected) => Assert.Equal(expected, MarkerText.FindIn(text));
}
