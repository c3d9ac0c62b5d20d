using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>
/// The program in an image: it runs <c>steward ci run</c>, what a build service starts in a container of its own, or, when that is said,
/// <c>steward agent run</c>, which takes tasks of a server. It is nobody, and writes to <c>/work</c> and <c>/tmp</c> alone.
/// </summary>
internal static class AgentImage
{
    private const string Work = "work";

    /// <param name="layout">Where it is put together.</param>
    /// <param name="ground">What it stands on; null for this machine's own C library and nothing else, also no shell.</param>
    public static async Task<BuiltImage> Build(ImageLayout layout, BaseImage? ground, int user, CancellationToken stop)
    {
        var layers = new List<Layer>();
        if (ground is null)
            await Add("base", MachineFiles.Base(MachineFiles.NativeLibraries(), user));
        await Add("runtime", MachineFiles.RuntimeFiles());
        await Add("program", MachineFiles.Program());
        // Everybody may write into it and nobody may take away what is another's, as in /tmp: which user a service chooses is not known here.
        await Add("work", new LayerFiles().Folder(Work, 0b1_111_111_111));
        return new ImagePlan
        {
            Base = ground?.Manifest,
            BaseConfig = ground?.Config,
            Layers = layers,
            User = $"{user}:{user}",
            WorkingDir = "/" + Work,
            Entrypoint = MachineFiles.Entrypoint,
            Cmd = ["ci", "run"],
            Env = new Dictionary<string, string>(MachineFiles.Variables) { ["HOME"] = "/tmp", ["STEWARD_HOME"] = "/tmp/steward", ["STEWARD_DATA"] = "/tmp/data" },
            Labels = new Dictionary<string, string> { ["org.opencontainers.image.title"] = "steward agent", ["org.opencontainers.image.description"] = "Runs the stages of a project (ci run), or takes tasks of a server (agent run)" },
        }.Build();

        async Task Add(string name, LayerFiles files)
        {
            if (files.Count > 0)
                layers.Add(await layout.Pack(files, stop: stop) with { CreatedBy = $"steward image agent: {name}" });
        }
    }
}
