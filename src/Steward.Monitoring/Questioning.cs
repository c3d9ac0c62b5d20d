using Steward.Events;
using Steward.Models;
using Steward.Projects;
using Steward.Serving;
using Steward.Storage;

namespace Steward.Monitoring;

/// <summary>An answer that somebody called wrong, or doubts, becomes a wish for the name of its picture.</summary>
internal sealed class Questioning(Db db, IEndpoints endpoints, IRequestLog log, IProjects projects, IModels models, IEvents events) : IListen<AnswerQuestioned>
{
    public async Task Hear(AnswerQuestioned happened, CancellationToken stop)
    {
        // Answers and endpoints may go before somebody hears of them; without data there is no place for a name.
        if (await log.Find(happened.Prediction, stop) is not { Picture: { } picture } answer || await endpoints.Find(happened.Endpoint, stop) is not { } endpoint
            || await models.Find(happened.Project, new Reference(endpoint.Model, answer.Version, null), stop) is not { Data.Length: > 0 } version || await projects.Find(happened.Project, stop) is not { } project)
            return;
        var batch = (project.File.AsksAboutWrongAnswers() ?? new()).Batch;
        await db.Write(tx => events.Publish(tx, new NameWanted(happened.Project, endpoint.Name, endpoint.Model, answer.Version, version.Data, batch, new(answer.Id, picture, answer.Label, answer.Confidence))), stop);
    }
}
