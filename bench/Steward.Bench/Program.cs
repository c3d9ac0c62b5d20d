using Steward.Bench;

if (args is ["part", .. var part])
    return await Tables.Part(part);

var known = new Dictionary<string, Func<string, Task<string>>>
{
    ["scoring"] = Scoring.Run,
    ["commit"] = Commit.Run,
    ["blobs"] = BlobStore.Run,
    ["work"] = Work.Run,
    ["compare"] = Compare.Run,
    ["labels"] = Labels.Run,
    ["training"] = Training.Run,
    ["recommendations"] = Recommendations.Run,
    ["batch"] = Batch.Run,
    ["heaps"] = Heaps.Run,
    ["comics"] = Comics.Run,
    ["files"] = Files.Run,
    ["packaging"] = Images.Run,
    ["tables"] = Tables.Run,
    ["star"] = StarSchema.Run,
    ["append-windows"] = AppendWindows.Run,
    ["environments"] = Environments.Run,
    ["windows"] = Steward.Bench.Windows.Run,
    ["documents"] = Documents.Run,
};
var wanted = args.Length == 0 ? [.. known.Keys] : args;
if (wanted.FirstOrDefault(name => !known.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. Choose from: {string.Join(", ", known.Keys)}.");
    return 2;
}

foreach (var name in wanted)
{
    var folder = Directory.CreateTempSubdirectory("steward-bench-").FullName;
    try
    {
        Report.Write(name, await known[name](folder));
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

return 0;
