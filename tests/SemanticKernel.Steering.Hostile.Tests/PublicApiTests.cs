using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>Nothing public reaches the engine but through the resolver.</summary>
public sealed class PublicApiTests(Fortress fortress)
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Assembly[] Assemblies = [typeof(SteeringPlan).Assembly, typeof(SteeredLlamaEngine).Assembly, typeof(SteeredLlamaChatCompletionService).Assembly];

    private static IEnumerable<Type> Exported => Assemblies.SelectMany(assembly => assembly.GetExportedTypes());

    [Fact]
    public void Plans_AreMadeByTheResolverOnly()
    {
        Assert.Empty(typeof(SteeringPlan).GetConstructors());
        Assert.True(typeof(SteeringPlan).IsSealed);
        var makers = Exported.SelectMany(type => type.GetMethods(Public | BindingFlags.DeclaredOnly)).Where(method => Mentions(method.ReturnType, typeof(SteeringPlan)));
        Assert.Equal([typeof(SteeringPolicyResolver).GetMethod(nameof(SteeringPolicyResolver.Resolve))!], makers);
    }

    [Fact]
    public void Plans_AreTakenByNobody() => Assert.DoesNotContain(
        Exported.SelectMany(type => type.GetMembers(Public | BindingFlags.DeclaredOnly)).SelectMany(Parameters),
        parameter => Mentions(parameter.ParameterType, typeof(SteeringPlan)) || Mentions(parameter.ParameterType, typeof(SteeringPolicyResolver)));

    [Fact]
    public void Operations_CannotBeMadeOutside() => Assert.Empty(typeof(SteeringOperation).GetConstructors());

    [Fact]
    public void NativeThings_AreNotPublic()
    {
        Assert.DoesNotContain(Exported, type => typeof(SafeHandle).IsAssignableFrom(type));
        Assert.DoesNotContain(Exported, type => type.Namespace!.Contains("Interop", StringComparison.Ordinal) || type.Namespace.EndsWith(".Engine", StringComparison.Ordinal));
        var types = Exported.SelectMany(type => type.GetMembers(Public | BindingFlags.DeclaredOnly)).SelectMany(TypesOf);
        Assert.DoesNotContain(types, type => type.IsPointer || type == typeof(nint) || type == typeof(nuint) || typeof(SafeHandle).IsAssignableFrom(type));
    }

    [Fact]
    public void Engine_IsTakenByTheWaysThatAreKnown()
    {
        string[] known = [nameof(SteeredLlamaChatClient), nameof(SteeredLlamaTextGenerator), nameof(SteeredLlamaTextGenerationService), "SteeringHealthCheck"];

        var takers = Exported.SelectMany(type => type.GetMembers(Public | BindingFlags.DeclaredOnly))
            .Where(member => Parameters(member).Any(parameter => Mentions(parameter.ParameterType, typeof(SteeredLlamaEngine))))
            .Select(member => member.DeclaringType!.Name);

        Assert.Empty(takers.Except(known));
    }

    [Fact]
    public void Engine_HasNoWayToGenerate() => Assert.Equal(
        [nameof(IDisposable.Dispose), nameof(SteeredLlamaEngine.Load), nameof(SteeredLlamaEngine.LoadAsync), nameof(SteeredLlamaEngine.Preview), nameof(SteeredLlamaEngine.ShutdownAsync)],
        typeof(SteeredLlamaEngine).GetMethods(Public | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName).Select(method => method.Name).Order());

    [Fact]
    public void State_CannotBeReplaced()
    {
        Type[] types = [typeof(SteeredLlamaEngine), typeof(SteeredLlamaChatClient), typeof(SteeringPolicyResolver), typeof(SteeringPolicy), typeof(ConceptPolicy), typeof(SteeringPlan)];

        Assert.DoesNotContain(types.SelectMany(type => type.GetProperties(Public)), property => property.SetMethod?.IsPublic is true);
        Assert.DoesNotContain(types.SelectMany(type => type.GetFields(Public)), field => !field.IsLiteral);
        Assert.False(fortress.Engine.Policies is IDictionary<string, SteeringPolicy> { IsReadOnly: false });
        Assert.True(((ICollection<ConceptPolicy>)fortress.Engine.Policies[Fortress.Floor].Concepts).IsReadOnly);
    }

    [Fact]
    public void GetService_OfEveryType_GivesNothingButTheKnown()
    {
        var client = fortress.Client;
        var all = Assemblies.Append(typeof(IChatClient).Assembly).SelectMany(assembly => assembly.GetTypes()).Append(typeof(object)).Where(type => !type.ContainsGenericParameters);
        foreach (var type in all)
        {
            var service = client.GetService(type);
            Assert.True(service is null || ReferenceEquals(service, client) || service is ChatClientMetadata || ReferenceEquals(service, fortress.Engine), type.FullName);
            Assert.Null(client.GetService(type, "key"));
        }
    }

    private static bool Mentions(Type type, Type wanted) =>
        type == wanted
        || (type.HasElementType && Mentions(type.GetElementType()!, wanted))
        || type.GetGenericArguments().Any(argument => argument != type && Mentions(argument, wanted));

    private static IEnumerable<ParameterInfo> Parameters(MemberInfo member) => member is MethodBase method ? method.GetParameters() : [];

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        _ => [],
    };
}
