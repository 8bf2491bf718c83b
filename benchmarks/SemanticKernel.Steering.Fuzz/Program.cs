using System.CommandLine;
using SemanticKernel.Steering.Fuzz;

var seed = new Option<ulong>("--seed") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
var count = new Option<int>("--count") { Description = "How many inputs, each with the next seed.", DefaultValueFactory = _ => 1_000_000 };
var threads = new Option<int>("--threads") { Description = "How many readers work side by side.", DefaultValueFactory = _ => Environment.ProcessorCount };
var save = new Option<string?>("--save") { Description = "File to write the first seed's input to." };
var root = new RootCommand("Gives damaged files to the readers. Nothing but documented exceptions may come out, in time and within memory.") { seed, count, threads, save };
root.SetAction(result =>
{
    if (result.GetValue(save) is { } path)
    {
        File.WriteAllBytes(path, FuzzCase.Create(result.GetValue(seed)).Input);
    }

    return new FuzzRun(result.GetValue(seed), result.GetValue(count), result.GetValue(threads)).Execute();
});
return root.Parse(args).Invoke();
