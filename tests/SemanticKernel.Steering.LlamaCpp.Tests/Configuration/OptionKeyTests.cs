using System.Reflection;
using System.Text.Json;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

public class OptionKeyTests
{
    public static TheoryData<string> Properties =>
        [.. typeof(SteeredLlamaOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod?.IsPublic is true).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void FromConfiguration_EachOption_IsAKey(string name)
    {
        var property = typeof(SteeredLlamaOptions).GetProperty(name)!;
        var value = Value(property);
        using var folder = new SteeringFolder();
        folder.WriteMap("a");
        var section = folder.Section(["a"], """
            "DefaultPolicy": "family", "Policies": { "family": { "Concepts": { "a": { "Strength": 1 } } } }
            """);

        var options = SteeredLlamaOptions.FromConfiguration(SteeringFolder.Parse(SteeringFolder.With(section, name, JsonSerializer.Serialize(value.ToString()))));

        Assert.Equal(value, property.GetValue(options));
        Assert.True(name is nameof(SteeredLlamaOptions.ModelPath) || !Equals(value, property.GetValue(new SteeredLlamaOptions())));
    }

    /// <summary>A value that is not the default and that no check refuses.</summary>
    private static object Value(PropertyInfo property) => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
    {
        _ when property.Name == nameof(SteeredLlamaOptions.ModelPath) => TinyChat.ModelPath,
        _ when property.Name == nameof(SteeredLlamaOptions.DefaultPolicy) => "family",
        _ when property.Name == nameof(SteeredLlamaOptions.MemoryMap) => false,
        { IsEnum: true } type => Enum.GetValues(type).GetValue(1)!,
        var type when type == typeof(string) => "text",
        var type when type == typeof(int) => 7,
        var type when type == typeof(uint) => 7u,
        var type when type == typeof(bool) => true,
        var type when type == typeof(TimeSpan) => TimeSpan.FromSeconds(90.5),
        var type => throw new NotSupportedException($"{property.Name} is a {type.Name}."),
    };
}
