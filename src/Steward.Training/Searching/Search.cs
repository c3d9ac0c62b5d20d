using System.Globalization;
using Steward.Tracking;
using Steward.Tuning;

namespace Steward.Training;

/// <summary>
/// Walks through a search: asks for a point, has it tried, learns from what came out. One trial after the other, so that the same
/// seed comes to the same trials. Judged is on what was held back to choose by; a trial leaves its model when it is the best so far.
/// </summary>
/// <param name="plan">What varies.</param>
/// <param name="primary">The metric that trials are compared by.</param>
/// <param name="tell">Gets what is to be logged, as it happens.</param>
internal sealed class Search(SearchPlan plan, Primary primary, Action<JobStep> tell)
{
    private readonly List<Trial> _told = [];
    private readonly SuccessiveHalving? _halving = plan is { Method: SearchMethod.Asha, Resource: { } resource } ? new(resource.Min, resource.Max, resource.Factor) : null;

    /// <summary>What is spent after each rung, for trainers that begin anew for each; none when nothing is given out.</summary>
    public IReadOnlyList<int> Rungs => _halving?.Rungs ?? [];

    /// <param name="done">Trials of an earlier attempt, in their order: they are learned from and not done again.</param>
    /// <param name="attempt">Tries the settings; asks after each step whether to go on.</param>
    /// <param name="stop">Ends it between two trials.</param>
    public void Run(IReadOnlyList<DoneTune> done, Func<Setting, Func<int, double, bool>, Attempt> attempt, CancellationToken stop)
    {
        foreach (var trial in done.Where(one => one.IsTrial).OrderBy(one => one.Name, StringComparer.Ordinal))
            Learn(trial);
        var (space, sampler) = (plan.Space, plan.Sampler);
        for (var number = _told.Count; number < plan.Trials; number++)
        {
            stop.ThrowIfCancellationRequested();
            var point = sampler.Next(number, _told).Zip(space, Short).ToArray();
            var setting = new Setting(number, space.Zip(point).ToDictionary(one => one.First.Name, one => one.Second));
            tell(new(setting.Name, 0, []) { Params = setting.Texts });
            var (last, stopped) = (0, false);
            var tried = attempt(setting, GoesOn);
            var loss = Loss(tried.Score);
            var best = !double.IsNaN(loss) && _told.All(other => !(other.Loss <= loss));
            _told.Add(new(point, loss));
            var outcome = best ? tried.Leave() : new TuneOutcome(setting.Name, tried.Metrics, new Dictionary<string, string>());
            tell(new(setting.Name, 0, []) { Outcome = outcome with { StoppedAfter = stopped ? last : null } });

            bool GoesOn(int spent, double score)
            {
                if (_halving is null || !_halving.Rungs.Contains(spent))
                    return true;
                last = spent;
                var on = _halving.GoesOn(spent, Loss(score));
                stopped = !on && spent < _halving.Rungs[^1];
                return on;
            }
        }
    }

    private void Learn(DoneTune trial)
    {
        _told.Add(new([.. plan.Space.Select(parameter => double.Parse(trial.Params[parameter.Name], CultureInfo.InvariantCulture))], trial.Scores.Count > 0 ? Loss(trial.Scores[^1].Score) : double.NaN));
        foreach (var (spent, score) in trial.Scores)
            if (_halving?.Rungs.Contains(spent) == true)
                _halving.GoesOn(spent, Loss(score));
    }

    private double Loss(double score) => !double.IsFinite(score) ? double.NaN : primary.Direction is Direction.Minimize ? score : -score;

    /// <summary>Four digits say as much as all of them, and people can read and repeat them.</summary>
    private static double Short(double value, Parameter parameter) => parameter is Between { Whole: false } between
        ? Math.Clamp(double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), between.Low, between.High)
        : value;
}

/// <summary>The settings of one trial.</summary>
/// <param name="Number">From 0.</param>
internal sealed record Setting(int Number, IReadOnlyDictionary<string, double> Values)
{
    public string Name => DoneTune.Trial(Number);

    public Dictionary<string, string> Texts => Values.ToDictionary(one => one.Key, one => one.Value.ToString("R", CultureInfo.InvariantCulture));
}

/// <summary>What a trial came to.</summary>
/// <param name="Score">By the primary metric.</param>
/// <param name="Metrics">Without those of the test split: a trial that is not the best is never shown it.</param>
/// <param name="Leave">Makes its model, judges it and leaves its files; asked of the best so far alone.</param>
internal sealed record Attempt(double Score, IReadOnlyDictionary<string, double> Metrics, Func<TuneOutcome> Leave);

/// <summary>A tune or trial that an earlier attempt at the same training finished.</summary>
/// <param name="Scores">Its primary metric after each step.</param>
internal sealed record DoneTune(string Name, IReadOnlyDictionary<string, string> Params, IReadOnlyList<SpentScore> Scores)
{
    public const string File = "done.json";

    private const string Called = "trial-";

    public bool IsTrial => IsNameOfTrial(Name);

    public static bool IsNameOfTrial(string name) => name.StartsWith(Called, StringComparison.Ordinal) && int.TryParse(name[Called.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary><c>trial-001</c>, from 0.</summary>
    public static string Trial(int number) => string.Create(CultureInfo.InvariantCulture, $"{Called}{number + 1:000}");

    /// <summary>What the process finds in its folder.</summary>
    public static IReadOnlyList<DoneTune> Read(string folder) => Path.Combine(folder, File) is var path && System.IO.File.Exists(path) ? Json.Read<IReadOnlyList<DoneTune>>(System.IO.File.ReadAllText(path)) : [];
}

/// <param name="Spent">Epochs, trees; 0 when nothing is given out.</param>
internal sealed record SpentScore(int Spent, double Score);
