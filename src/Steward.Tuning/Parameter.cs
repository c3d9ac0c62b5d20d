namespace Steward.Tuning;

/// <summary>What may vary in a search, and how its values lie.</summary>
public abstract record Parameter(string Name)
{
    /// <summary>Any value, all alike on the parameter's own scale.</summary>
    public abstract double Draw(Random chance);

    /// <summary>Whether a value may be asked for.</summary>
    public abstract bool Has(double value);
}

/// <summary>One of a few values without an order.</summary>
public sealed record Choice(string Name, IReadOnlyList<double> Values) : Parameter(Name)
{
    public override double Draw(Random chance) => Values[chance.Next(Values.Count)];

    public override bool Has(double value) => Values.Contains(value);

    internal int Place(double value)
    {
        for (var i = 0; i < Values.Count; i++)
            if (Values[i].Equals(value))
                return i;
        throw new ArgumentException($"{value} is none of the values of {Name}.", nameof(value));
    }
}

/// <summary>Numbers between two ends.</summary>
/// <param name="Whole">Only whole numbers, both ends among them.</param>
/// <param name="Log">Each factor is as likely as the next; both ends are above 0.</param>
public sealed record Between(string Name, double Low, double High, bool Whole = false, bool Log = false) : Parameter(Name)
{
    /// <summary>The ends on the scale that is searched: half a step wider for whole numbers, so that the ends are as likely as the rest.</summary>
    internal double From => Scaled(Whole ? Low - 0.5 : Low);

    internal double To => Scaled(Whole ? High + 0.5 : High);

    internal double Scaled(double value) => Log ? Math.Log(value) : value;

    internal double Back(double scaled)
    {
        var value = Log ? Math.Exp(scaled) : scaled;
        return Math.Clamp(Whole ? Math.Round(value) : value, Low, High);
    }

    public override double Draw(Random chance) => Back(From + ((To - From) * chance.NextDouble()));

    public override bool Has(double value) => value >= Low && value <= High && (!Whole || value == Math.Round(value));
}
