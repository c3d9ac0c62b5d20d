using Microsoft.Extensions.Logging;
using Steward.Events;
using Steward.Identity;
using Steward.Tracking;

namespace Steward.Models;

/// <summary>A finished study whose tag <c>model</c> names a registered model: its best tune by the tags <c>primary</c> and <c>direction</c> becomes the next version.</summary>
internal sealed partial class StudyListener(IRuns runs, IModels models, ILogger<StudyListener> log) : IListen<RunEnded>
{
    public async Task Hear(RunEnded happened, CancellationToken stop)
    {
        if (happened.Status is not RunStatus.Finished || happened.Parent is not null || await runs.Find(happened.Run, stop) is not { } study)
            return;
        if (study.Tags.GetValueOrDefault("model") is not { } model || Primary.Of(study) is not { } primary)
            return;
        if (await runs.Best(study.Project, study.Experiment, primary.Metric, primary.Direction, study.Id, stop) is not { } best)
            return;
        var files = (await runs.ArtifactsOf(best.Id, stop)).ToDictionary(file => file.Name, file => file.Blob);
        if (!files.Remove("model.onnx", out var onnx))
        {
            NoModel(log, best.Name, study.Name);
            return;
        }

        try
        {
            await models.Register(Who.Steward with { Name = study.By }, new(study.Project, model, best.Id, best.Data ?? study.Data ?? "", onnx)
            {
                Study = study.Id,
                Code = best.Code,
                Lineage = best.Lineage,
                Artifacts = files,
                Metrics = best.Metrics,
            }, stop);
        }
        catch (ProblemException refused) when (refused.Kind is ProblemKind.Invalid)
        {
            // It would be refused again: said on the study, where the person who trained looks.
            Refused(log, best.Name, model, refused.Message);
            await runs.Tags(Who.Steward, study.Id, new Dictionary<string, string> { ["not_registered"] = Names.Shorten(refused.Message, 300) }, stop);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The best tune {Tune} of {Study} has no model.onnx; no version was registered.")]
    private static partial void NoModel(ILogger log, string tune, string study);

    [LoggerMessage(LogLevel.Warning, "The tune {Tune} was not registered as a version of {Model}: {Why}")]
    private static partial void Refused(ILogger log, string tune, string model, string why);
}
