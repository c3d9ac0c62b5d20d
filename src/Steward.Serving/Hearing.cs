using Microsoft.Extensions.Logging;
using Steward.Events;
using Steward.Models;
using Steward.Projects;

namespace Steward.Serving;

/// <summary>Makes the endpoints that a project file names as soon as its model has something to serve.</summary>
internal sealed partial class Hearing(EndpointStore store, IProjects projects, IPromotions promotions, Puller puller, ILogger<Hearing> log) : IListen<Promoted>, IListen<ProjectChanged>
{
    public async Task Hear(Promoted happened, CancellationToken stop)
    {
        if (happened.Alias != Promotion.Production)
            return;
        await Ensure(happened.Project, happened.Model, stop);
        await puller.Pull(stop);
    }

    public async Task Hear(ProjectChanged happened, CancellationToken stop)
    {
        foreach (var promotion in await promotions.All(happened.Project, stop))
            if (promotion.Alias == Promotion.Production)
                await Ensure(promotion.Project, promotion.Model, stop);
        await puller.Pull(stop);
    }

    private async Task Ensure(string project, string model, CancellationToken stop)
    {
        if (await projects.Find(project, stop) is not { } found)
            return;
        foreach (var name in found.File.Get<ServeSection>("serve").NamesOf(model))
        {
            var endpoint = await store.Ensure(name, project, model, stop);
            if (endpoint.Project != project || endpoint.Model != model)
                NameTaken(log, name, endpoint.Model, endpoint.Project, model, project);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The endpoint name {Name} belongs to model {OwnerModel} of project {Owner}; model {Model} of project {Project} is not served. Choose another name under serve.endpoint.")]
    private static partial void NameTaken(ILogger log, string name, string ownerModel, string owner, string model, string project);
}
