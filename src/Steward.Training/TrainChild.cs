using System.Diagnostics;
using System.Text.Json;
using Steward.Data;
using Steward.Drawing;
using Steward.Work;

namespace Steward.Training;

/// <summary>The training itself, in a process of its own: reads the job, decodes the pictures, fits every tune, judges each on the test split.</summary>
internal sealed class TrainChild : IChild
{
    // Enough for any picture a data set takes; the pixels are what costs.
    private const long MostPictureBytes = 64L << 20;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    public string Name => "train";

    public Task Run(string folder, Action<double?, string?> tell, CancellationToken stop) => Task.Run(() => Train(folder, tell, stop), stop);

    private static void Train(string folder, Action<double?, string?> tell, CancellationToken stop)
    {
        var job = Json.Read<TrainJob>(File.ReadAllText(Path.Combine(folder, TrainJob.File)));
        var part = job.TuneByTask ? ChildTask.Number : (int?)null;
        var (first, done) = (part ?? 0, DoneTune.Read(folder));
        var search = job.Search;
        if (part is { } only)
            (job, search) = only < job.Tunes.Count ? (job with { Tunes = [job.Tunes[only]] }, null) : (job with { Tunes = [] }, search);
        job = job with { Tunes = [.. job.Tunes.Where(tune => done.All(one => one.Name != tune.Name))] };
        tell(0, $"Reading {job.Items.Count} pictures");
        var (side, pictures, ways) = Pictures(folder, job, stop);
        using var steps = new StreamWriter(Path.Combine(folder, TrainJob.Steps(part))) { AutoFlush = true };
        // With a search the listed tunes are the first half of the way.
        var half = search is null ? 1 : 0.5;
        var teller = new Teller((done, what) => tell(half * done, what), steps);
        using var training = PictureTraining.Learn(pictures[Split.Train], pictures[Split.Valid], Options(job, side), teller, stop);
        var fits = training.FitAll([.. job.Tunes.Select(Tune)], teller, stop);
        tell(half * 0.97, "Judging on the test pictures");
        var outcomes = new TuneOutcome[fits.Count];
        Parallel.For(0, fits.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => outcomes[i] = Judge(first + i, fits[i]));
        foreach (var outcome in outcomes)
            teller.Tell(new(outcome.Tune, 0, []) { Outcome = outcome });
        if (search is not null)
            Look(search);

        void Look(SearchPlan plan) => new Search(plan, StudyPlan.OfPictures, teller.Tell).Run(done, (setting, goesOn) =>
        {
            var tune = Tune(new TunePlan().With(plan.Fixed("epochs")).With(setting.Values) with { Name = setting.Name });
            var fit = training.Fit(tune, step =>
            {
                teller.Step(step);
                return goesOn(step.Epoch, step.ValidF1);
            }, stop);
            tell(half + ((1 - half) * (setting.Number + 1) / plan.Trials), FormattableString.Invariant($"{setting.Name} of {plan.Trials}: valid F1 {fit.ValidF1:0.000}"));
            return new(fit.ValidF1, TuneJudge.OfTraining(fit, pictures[Split.Train].Count, pictures[Split.Valid].Count), () => Judge(setting.Name, fit));
        }, stop);

        TuneOutcome Judge(object number, PictureFit fit) => TuneJudge.Leave(folder, $"{number}", job, fit, side, pictures[Split.Train].Count, pictures[Split.Valid].Count, pictures[Split.Test], ways, stop);
    }

    private static HeadTune Tune(TunePlan tune) => new(tune.Name, (float)tune.L2, (float)tune.LearningRate, tune.Epochs, tune.Hidden, (float)tune.Dropout);

    private static PictureClassifierOptions Options(TrainJob job, int side) => new()
    {
        Labels = job.Labels,
        Seed = job.Seed,
        Side = side,
        Square = job.Square,
        Filters = job.Filters,
        Copies = job.Copies,
        Centred = job.Centred,
    };

    private static (int Side, Dictionary<Split, List<TrainPicture>>, IReadOnlyList<SliceBy> Ways) Pictures(string folder, TrainJob job, CancellationToken stop)
    {
        using var file = File.OpenHandle(Path.Combine(folder, TrainJob.Pictures));
        var (decoded, longer) = (new (Split Split, TrainPicture Picture)[job.Items.Count], new int[job.Items.Count]);
        var side = job.Size ?? PictureSide.For([.. job.Items.Where((_, i) => i % Math.Max(1, job.Items.Count / PictureSide.Enough) == 0).Select(item => Decode(file, item))]);
        try
        {
            Parallel.For(0, decoded.Length, new ParallelOptions { CancellationToken = stop }, i =>
            {
                var picture = Decode(file, job.Items[i]);
                (decoded[i], longer[i]) = ((job.Items[i].Split, new(picture.Square(job.Square).Resize(side, side).Rgb, job.Items[i].Label, job.Items[i].Weight)), Math.Max(picture.Width, picture.Height));
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<ProblemException>().FirstOrDefault() is { } first)
        {
            throw first;
        }

        var test = job.Items.Select((item, i) => (Item: item, Longer: longer[i])).Where(one => one.Item.Split is Split.Test).ToList();
        SliceBy[] ways =
        [
            new("source", [.. test.Select(one => one.Item.Source)]),
            new("folder", [.. test.Select(one => one.Item.Folder(job.Labels[one.Item.Label]))]),
            new("size", [.. test.Select(one => one.Longer < 64 ? "under 64 pixels" : one.Longer < 256 ? "64 to 255 pixels" : one.Longer < 1024 ? "256 to 1023 pixels" : "from 1024 pixels")]),
        ];
        return (side, Enum.GetValues<Split>().ToDictionary(split => split, split => decoded.Where(one => one.Split == split).Select(one => one.Picture).ToList()), ways);
    }

    private static Picture Decode(Microsoft.Win32.SafeHandles.SafeFileHandle file, JobPicture item)
    {
        var bytes = new byte[item.Size];
        for (var read = 0; read < bytes.Length;)
            read += RandomAccess.Read(file, bytes.AsSpan(read), item.Offset + read) is > 0 and var got ? got : throw new EndOfStreamException($"The pictures end before '{item.Key}'.");
        try
        {
            return Picture.Decode(bytes, MostPictureBytes);
        }
        catch (PictureException broken)
        {
            throw ProblemException.Invalid("picture_broken", $"'{Names.Shorten(item.Key)}' cannot be learned from: {broken.Message}", "Remove it from the data set, or replace it.");
        }
    }

    /// <summary>Steps go to the file at once, progress at most ten times a second.</summary>
    private sealed class Teller(Action<double?, string?> tell, StreamWriter steps) : IProgress<TrainProgress>
    {
        private long _last;

        public void Step(TuneStep step) => Tell(new(step.Tune, step.Epoch, new() { ["train.loss"] = step.Loss, ["valid.accuracy"] = step.ValidAccuracy, ["valid.f1_macro"] = step.ValidF1 }));

        public void Tell(JobStep step) => steps.WriteLine(JsonSerializer.Serialize(step, Json.Options));

        public void Report(TrainProgress value)
        {
            if (value.Step is { } step)
                Step(step);
            if (value.Step is null && value.Done > 0 && Stopwatch.GetElapsedTime(_last) < BetweenReports)
                return;
            _last = Stopwatch.GetTimestamp();
            tell(0.95 * value.Done, value.Phase switch
            {
                "filters" => "Finding patterns",
                "features" => "Looking at the pictures",
                var tune => $"Tune {tune}, epoch {value.Step?.Epoch}: valid F1 {value.Step?.ValidF1:0.000}",
            });
        }
    }
}
