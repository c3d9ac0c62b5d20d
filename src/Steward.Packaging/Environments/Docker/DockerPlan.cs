namespace Steward.Packaging;

/// <summary>What a Dockerfile is written from.</summary>
/// <param name="Labels">Whose image it is: lock, project, model.</param>
/// <param name="Base">The image to build on, when the person names one; best with its digest.</param>
/// <param name="Run">What runs in it; the interpreter when nothing is said.</param>
/// <param name="Today">Decides what is past its end of life.</param>
public sealed record DockerPlan(EnvironmentLock Lock, LockedRuntime Environment, IReadOnlyDictionary<string, string> Labels, string? Base, IReadOnlyList<string> Run, DateOnly Today)
{
    private const string User = "10001:10001";

    /// <summary>Every file that the build needs besides the person's own, by name.</summary>
    public DockerFiles Write() => Environment.Runtime switch
    {
        Runtime.Python => new PythonDocker(this).Write(),
        Runtime.R => RDocker.Write(this),
        Runtime.Julia => JuliaDocker.Write(this),
        _ => DotNetDocker.Write(this),
    };

    internal string? InputNamed(Func<string, bool> which) => Lock.Inputs.Select(input => input.File).FirstOrDefault(which);

    internal static string Date(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    internal DockerText Begin(string? note)
    {
        var text = new DockerText().Say($"Written by: steward env docker. Made of {EnvironmentLock.FileName} {Lock.Digest}");
        if (note is not null)
            text.Say(note);
        if (Base?.Contains('@', StringComparison.Ordinal) is not true)
            text.Say("The base is pinned by its version. To pin its bytes: steward env docker --base IMAGE@sha256:…");
        return text;
    }

    /// <summary>The last lines are the same for all: the person's files as root's, a user that owns nothing, nothing written outside /tmp.</summary>
    internal static DockerText End(DockerText text, IEnumerable<string> run) => text
        .Line("WORKDIR /app")
        .Line("COPY --chown=0:0 . .")
        .Line($"USER {User}")
        .Line("STOPSIGNAL SIGTERM")
        .Command("CMD", run);
}

/// <param name="Note">What a person should know of it: an end of life that is past.</param>
public sealed record DockerFiles(IReadOnlyDictionary<string, string> Files, string? Note)
{
    public const string Main = "Dockerfile";

    internal static DockerFiles Of(DockerText text, string? note, params IEnumerable<(string Name, string Text)> more)
        => new(new SortedDictionary<string, string>(more.ToDictionary(file => file.Name, file => file.Text), StringComparer.Ordinal)
        {
            [Main] = text.ToString(),
            ["Dockerfile.dockerignore"] = "# Written by: steward env docker\n.git\n.steward\n.venv\n**/__pycache__\n**/bin\n**/obj\ndata\nDockerfile*\n",
        }, note);
}
