using System.CommandLine;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Steward.Cli;
using Steward.Data;
using Steward.Events;
using Steward.Projects;
using Steward.Tracking;
using Steward.Work;

namespace Steward.Training;

/// <summary>Built-in trainers that end in one ONNX file, run as tasks in a process of their own.</summary>
public sealed class TrainingRoom : IRoom
{
    public string Purpose => "Trains models from data sets: a study of tunes, each one ONNX file.";

    public IEnumerable<Section> Sections => [TrainSection.Section];

    public IEnumerable<IChild> Children => [new TrainChild(), new TableChild(), new ScoreChild()];

    public void Furnish(IServiceCollection services) => services
        .AddSingleton<ITraining, Trainings>()
        .AddSingleton<IDataDigests, DataDigests>()
        .AddSingleton<IWorkHandler, TrainHandler>()
        .AddSingleton<BatchStore>()
        .AddSingleton<BatchDesk>()
        .AddSingleton<IScoring, Scoring>()
        .AddSingleton<IWorkHandler, BatchHandler>()
        .Listen<SnapshotAdded, LabelsListener>();

    public void Open(IEndpointRouteBuilder routes)
    {
        routes.MapTraining();
        routes.MapBatches();
    }

    public IEnumerable<Command> Verbs(Server server) => [RunVerb.Tree(server), BatchVerb.Tree(server)];
}
