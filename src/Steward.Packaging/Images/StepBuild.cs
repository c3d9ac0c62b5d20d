using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Steward.Cli;
using Steward.Oci;
using Steward.Work;

namespace Steward.Packaging.Images;

/// <summary>
/// Makes the layers of a project's own steps on the machine where its files are, and sends those that the server does not have.
/// A step is named by the digest of all that goes into it, so what is as it was is neither made nor sent.
/// </summary>
internal sealed class StepBuild(Server server, string api, string folder)
{
    private const int Form = 1, LastWords = 5;

    /// <summary>The steps' names, in their order.</summary>
    public async Task<List<string>> Make(IReadOnlyList<PackageStep> steps, CancellationToken stop)
    {
        var names = new List<string>();
        foreach (var (step, number) in steps.Select((step, i) => (step, i + 1)))
        {
            var inputs = new StepFiles();
            foreach (var from in step.From)
                inputs.Take(folder, from.Trim('/'));
            var name = Digest.Of(Json.Write(new { form = Form, step, platform = Platform.Here.Architecture, inputs = await inputs.Digests(stop) })).Hex;
            names.Add(name);
            if (await IsThere(name, stop))
                continue;
            if (step.Copy is { } copy)
                await Send(name, step, inputs.Layer(step.To, copy.From.Trim('/')), stop);
            else
                await Run(name, step, number, inputs, stop);
        }

        return names;
    }

    private async Task Run(string name, PackageStep step, int number, StepFiles inputs, CancellationToken stop)
    {
        var scratch = PrivateFolder.Make(Path.Combine(Path.GetTempPath(), "steward-step-" + Names.NewId()));
        try
        {
            var (work, made) = (PrivateFolder.Make(Path.Combine(scratch, "work")), PrivateFolder.Make(Path.Combine(scratch, "out")));
            inputs.CopyTo(work);
            await using var services = new ServiceCollection().AddLogging(log => log.SetMinimumLevel(LogLevel.Warning)).AddSingleton(new Settings { Data = Path.Combine(scratch, "data") }).AddProcesses().BuildServiceProvider();
            var engine = await services.StartProcesses(stop);
            foreach (var command in step.Run!.Commands)
                await One(engine, step.Run, number, command, work, made, stop);
            var files = new StepFiles().TakeAll(made);
            if (!files.All.Any())
                throw ProblemException.Invalid("step_failed", $"Step {number} left nothing in the folder STEWARD_OUT.", "Let its commands write there.");
            await Send(name, step, files.Layer(step.To, ""), stop);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task One(IExecutor engine, PackageRun run, int number, IReadOnlyList<string> command, string work, string made, CancellationToken stop)
    {
        var job = await engine.Submit(new JobSpec($"step {number}", command)
        {
            Folder = work,
            // The time, the place and the language of who builds are none of the image's.
            Environment = new Dictionary<string, string> { ["STEWARD_OUT"] = made, ["SOURCE_DATE_EPOCH"] = "0", ["TZ"] = "UTC", ["LC_ALL"] = "C.UTF-8", ["PYTHONDONTWRITEBYTECODE"] = "1", ["PYTHONHASHSEED"] = "0" },
            Limits = new() { Time = run.Timeout, Memory = 4L << 30 },
        }, stop);
        var said = new Queue<string>();
        try
        {
            await foreach (var line in engine.Logs(job, 0, follow: true, stop))
            {
                said.Enqueue(Names.Shorten(line.Text, 300));
                if (said.Count > LastWords)
                    said.Dequeue();
            }
        }
        catch (OperationCanceledException)
        {
            await engine.Cancel(job, CancellationToken.None);
            throw;
        }

        var task = (await engine.Wait(job, stop)).Tasks[0];
        if (task.State is not JobState.Succeeded)
            throw ProblemException.Invalid("step_failed", $"Step {number} failed at '{Names.Shorten(string.Join(' ', command), 200)}'. {task.Reason ?? $"It ended with code {task.ExitCode}."}{(said.Count == 0 ? "" : $" Its last words: {string.Join(" / ", said)}")}", "Nothing was built. Mend the step, and build again.");
    }

    private async Task<bool> IsThere(string name, CancellationToken stop)
    {
        using var there = await (await server.Http(stop)).GetAsync(new Uri($"{api}/images/steps/{name}", UriKind.Relative), stop);
        return there.IsSuccessStatusCode;
    }

    private async Task Send(string name, PackageStep step, LayerFiles files, CancellationToken stop)
    {
        await using var packed = new FileStream(Path.Combine(Path.GetTempPath(), "steward-layer-" + Names.NewId()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        var layer = await Layer.Pack(files, packed, stop: stop);
        packed.Position = 0;
        using var body = new StreamContent(packed);
        (body.Headers.ContentType, body.Headers.ContentLength) = (new("application/octet-stream"), layer.Descriptor.Size);
        using var reply = await (await server.Http(stop)).PutAsync(new Uri($"{api}/images/blobs/{layer.Descriptor.Digest}", UriKind.Relative), body, stop);
        await Server.Check(reply, stop);
        await server.Put<ImageStep>($"{api}/images/steps/{name}", new { says = Names.Shorten(step.Says, 200), digest = layer.Descriptor.Digest, size = layer.Descriptor.Size }, stop);
    }
}
