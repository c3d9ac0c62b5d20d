using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Steward.Work;

/// <summary>
/// Where jobs and children work: <c>work/</c> in the data folder. When a server starts, nothing there can be in use, so
/// it removes what a crash left, processes and folders.
/// </summary>
internal sealed partial class WorkFolder(Settings settings, WorkOptions options, ILogger<WorkFolder> log) : IHostedService
{
    private readonly string _path = Path.Combine(Path.GetFullPath(settings.Data), "work");

    /// <summary>Begins the markers of everything this process starts.</summary>
    public string Prefix { get; } = $"{options.Worker}/{RandomNumberGenerator.GetHexString(8, lowercase: true)}/";

    /// <summary>A new empty folder that only its owner may enter.</summary>
    public string New(string name)
    {
        var path = Path.Combine(_path, $"{name}-{Names.NewId()}");
        return PrivateFolder.Make(path);
    }

    /// <summary>Removes a folder of ours; a file that cannot be removed now goes at the next start.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var left = await Reaper.Sweep(options.Worker + "/", rounds: 1, cancellationToken);
        if (left > 0)
            LeftBehind(log, left);
        if (Directory.Exists(_path))
            foreach (var folder in Directory.EnumerateDirectories(_path))
                Remove(folder);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "{Count} processes that an earlier server had left running were ended.")]
    private static partial void LeftBehind(ILogger log, int count);
}
