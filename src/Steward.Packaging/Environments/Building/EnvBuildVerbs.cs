using System.CommandLine;
using Steward.Cli;

namespace Steward.Packaging;

/// <summary><c>steward env build|use|back|list|clean|run</c>: environments that are built aside and swapped in whole.</summary>
internal sealed class EnvBuildVerbs(Option<string> folder, Option<string?> lockFile)
{
    private readonly Option<string?> _shelf = new("--shelf") { Description = $"Where environments stand; {EnvironmentShelf.UsualName} in the project's folder by default." };

    public IEnumerable<Command> All => [Build(), Use(), Back(), List(), Clean(), Run()];

    private Command Build()
    {
        var wheels = new Option<string?>("--wheels") { Description = "A folder of wheels; then nothing is fetched." };
        var with = new Option<string>("--with") { Description = "The Python that it stands on.", DefaultValueFactory = _ => "python3" };
        var use = new Option<bool>("--use") { Description = "Use it once it is whole." };
        var verb = new Command("build", "Build the environment of the lock aside, and look whether it is what was locked. The one in use stays as it is, whatever happens.") { folder, lockFile, _shelf, wheels, with, use };
        verb.SetAction(async (line, stop) =>
        {
            var made = LockReader.Open(EnvVerbs.LockPath(line, folder, lockFile));
            if (made.Environments.FirstOrDefault(one => one.Runtime is Runtime.Python) is not { } python)
                throw ProblemException.Invalid("runtime_unfit", "The lock has no Python, which is what is built here.", "Use a container: steward env docker");
            var shelf = Shelf(line);
            var (environment, isNew) = await Whole(shelf, made.Digest, python, new(python, line.GetValue(wheels), line.GetRequiredValue(with)), stop);
            if (line.GetValue(use))
                await shelf.Use(environment, stop);
            Show.Done(line, $"{(isNew ? "Built and compared with the lock" : "It stands here already")}: {environment.Name}, {Say.Count(environment.Packages, "package")} on Python {environment.Version}.{(line.GetValue(use) ? $"\nIt is in use: {shelf.Current}" : $"\nUse it: steward env use {environment.Name}")}", new { environment, isNew, inUse = shelf.InUseNow?.Name });
        });
        return verb;
    }

    private Command Use()
    {
        var which = new Argument<string?>("name") { Description = "As steward env list shows it; the one of the lock by default.", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("use", "Swap an environment in, in one step. What runs keeps the one it started with.") { which, folder, lockFile, _shelf };
        verb.SetAction(async (line, stop) =>
        {
            var shelf = Shelf(line);
            var environment = line.GetValue(which) is { } named
                ? shelf.All.Where(one => one.Name.StartsWith(named, StringComparison.Ordinal)).ToList() is [var only] ? only : throw ProblemException.NotFound("environment", Names.Shorten(named), "steward env list shows those that stand here.")
                : shelf.Find(LockReader.Open(EnvVerbs.LockPath(line, folder, lockFile)).Digest) ?? throw ProblemException.NotFound("environment", "the one of the lock", "Build it: steward env build");
            await shelf.Use(environment, stop);
            var gone = await shelf.Clean(stop);
            Show.Done(line, $"{environment.Name} is in use: {shelf.Current}{(shelf.WayBack is { } before ? $"\nThe way back to {before.Name}: steward env back" : "")}{(gone.Count == 0 ? "" : $"\nTaken away, as nobody used it: {string.Join(", ", gone)}")}", new { environment, wayBack = shelf.WayBack?.Name, gone });
        });
        return verb;
    }

    private Command Back()
    {
        var verb = new Command("back", "Swap the environment in that was in use before.") { folder, _shelf };
        verb.SetAction(async (line, stop) =>
        {
            var shelf = Shelf(line);
            var environment = await shelf.Back(stop);
            Show.Done(line, $"{environment.Name} is in use again: {shelf.Current}", new { environment });
        });
        return verb;
    }

    private Command List()
    {
        var verb = new Command("list", "List the environments that stand here.") { folder, _shelf };
        verb.SetAction(line =>
        {
            var shelf = Shelf(line);
            var (now, back) = (shelf.InUseNow?.Name, shelf.WayBack?.Name);
            Show.List(line, [.. shelf.All.Select(one => new { one.Name, one.Digest, one.Runtime, one.Version, one.Packages, State = one.Name == now ? "in use" : one.Name == back ? "way back" : "" })], "No environment was built yet: steward env build",
                ("environment", one => one.Name), ("", one => one.State), ("runtime", one => $"{one.Runtime} {one.Version}"), ("packages", one => $"{one.Packages}"), ("lock", one => one.Digest[..19]));
        });
        return verb;
    }

    private Command Clean()
    {
        var verb = new Command("clean", "Take away environments that nobody uses: neither in use, nor the way back, nor running.") { folder, _shelf };
        verb.SetAction(async (line, stop) =>
        {
            var gone = await Shelf(line).Clean(stop);
            Show.Done(line, gone.Count == 0 ? "Nothing to take away." : $"Taken away: {string.Join(", ", gone)}", new { gone });
        });
        return verb;
    }

    private Command Run()
    {
        var words = new Argument<string[]>("command") { Description = "The program and its words: steward env run -- python train.py --epochs 8", Arity = ArgumentArity.OneOrMore };
        var verb = new Command("run", "Run a program in the environment that is in use; it keeps this one until it ends, whatever is swapped meanwhile.") { folder, _shelf, words };
        verb.SetAction(line => Become(Shelf(line), line.GetRequiredValue(words)));
        return verb;
    }

    /// <summary>What comes back is only that it could not be done.</summary>
    private static int Become(EnvironmentShelf shelf, string[] command) => throw shelf.Run(command[0], command[1..]);

    private EnvironmentShelf Shelf(ParseResult line) => new(Path.GetFullPath(line.GetValue(_shelf) ?? Path.Combine(line.GetRequiredValue(folder), EnvironmentShelf.UsualName)));

    private static async Task<(BuiltEnvironment, bool)> Whole(EnvironmentShelf shelf, string digest, LockedRuntime python, PythonBuild build, CancellationToken stop)
    {
        try
        {
            return await shelf.Build(digest, python, folder => build.Make(folder, stop), stop);
        }
        catch (IOException full) when (Storage.Disk.IsFull(full))
        {
            throw PythonBuild.DiskFull();
        }
    }
}
