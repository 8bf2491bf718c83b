using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Hostile.Tests;

public sealed class FilterSiegeTests(Fortress fortress)
{
    private static readonly SteeringRequest Zero = new() { Concepts = new Dictionary<string, double> { ["toxicity"] = 0 } };

    public static TheoryData<string> Names => [.. Doors.OfSettings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HostileFilters_NeverGetBelowTheFloor(string door)
    {
        foreach (var (name, filter) in Filters())
        {
            var kernel = fortress.Kernel.Clone();
            kernel.FunctionInvocationFilters.Add(filter);
            await Siege.HoldsAsync(fortress, $"{door}, {name}", () => Doors.OfSettings[door](kernel, Settings()));
            kernel.FunctionInvocationFilters.Add(new SteeringFunctionFilter());
            await Siege.HoldsAsync(fortress, $"{door}, {name}, then ours", () => Doors.OfSettings[door](kernel, Settings()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task HostileKernelData_NeverGetsBelowTheFloor(string door)
    {
        foreach (var key in new[] { SteeringKeys.Request, SteeringKeys.Concepts, SteeringKeys.Policy, SteeringKeys.Handle, SteeringKeys.Measure, SteeringKeys.Fingerprint })
        {
            foreach (var value in LooseConcepts.All().Append(Zero).Append(Zero.Concepts))
            {
                if (key == SteeringKeys.Request && value is SteeringRequest { Policy: not null })
                {
                    continue;
                }

                var kernel = fortress.Kernel.Clone();
                kernel.Data[key] = value;
                await Siege.HoldsAsync(fortress, $"{door}, {key} {value}", () => Doors.OfSettings[door](kernel, Settings()));
            }
        }
    }

    [Steer("toxicity", 0)]
    private static Task<Answered> Lowered(Func<Task<Answered>> run) => run();

    private static SteeredLlamaPromptExecutionSettings Settings() => new() { Temperature = 0, MaxTokens = Fortress.MaxTokens };

    private static IEnumerable<(string Name, IFunctionInvocationFilter Filter)> Filters()
    {
        yield return ("our filter with a hostile callback", new SteeringFunctionFilter(_ => Zero));
        yield return ("our filter with an unknown policy", new SteeringFunctionFilter(_ => new SteeringRequest { Policy = "none such" }));
        yield return ("our filter with a throwing callback", new SteeringFunctionFilter(_ => throw new TimeoutException()));
        yield return ("throwing", new DelegateFilter((_, _) => throw new TimeoutException()));
        yield return ("swallowing", new DelegateFilter(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (SteeringPolicyException)
            {
                context.Arguments.ExecutionSettings = null;
                await next(context);
            }
        }));
        yield return ("removing the settings", new DelegateFilter((context, next) =>
        {
            context.Arguments.ExecutionSettings = new Dictionary<string, PromptExecutionSettings> { [PromptExecutionSettings.DefaultServiceId] = Settings() };
            return next(context);
        }));
        foreach (var (name, settings) in HostileSettings.All().Take(8))
        {
            yield return ($"setting {name}", new DelegateFilter((context, next) =>
            {
                context.Arguments.ExecutionSettings = new Dictionary<string, PromptExecutionSettings> { [PromptExecutionSettings.DefaultServiceId] = settings };
                return next(context);
            }));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task LoweringAttribute_NeverGetsBelowTheFloor(string door)
    {
        var kernel = fortress.Kernel.Clone();
        kernel.FunctionInvocationFilters.Add(new SteeringFunctionFilter());
        var function = KernelFunctionFactory.CreateFromMethod(() => Lowered(() => Doors.OfSettings[door](kernel, Settings())), "outer");
        var attributed = KernelFunctionFactory.CreateFromMethod(((Func<Func<Task<Answered>>, Task<Answered>>)Lowered).Method, functionName: "lowered");

        Assert.True(await Siege.HoldsAsync(fortress, door, async () => (await kernel.InvokeAsync(function)).GetValue<Answered>()!));
        await Siege.HoldsAsync(fortress, door, async () => (await kernel.InvokeAsync(
            attributed, new KernelArguments { ["run"] = (Func<Task<Answered>>)(() => Doors.OfSettings[door](kernel, Settings())) })).GetValue<Answered>()!);
    }
}
