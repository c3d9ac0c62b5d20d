namespace Steward.Training;

/// <summary>Temperature scaling (Guo et al., 2017): one number that makes confidence honest and changes no answer.</summary>
internal static class Calibration
{
    /// <summary>The temperature between 1/8 and 8 with the least cross entropy, given probabilities at temperature 1.</summary>
    internal static float Temperature(float[][] probabilities, int[] labels)
    {
        var logits = probabilities.Select(row => row.Select(p => Math.Log(Math.Max(p, 1e-30f))).ToArray()).ToArray();
        double Loss(double power)
        {
            var beta = Math.Pow(2, -power);
            return logits.Select((row, i) => Math.Log(row.Sum(z => Math.Exp((z - row.Max()) * beta))) - ((row[labels[i]] - row.Max()) * beta)).Sum();
        }
        // The loss has one valley, so ever smaller thirds close in on it.
        var (low, high) = (-3.0, 3.0);
        while (high - low > 0.001)
        {
            var third = (high - low) / 3;
            if (Loss(low + third) < Loss(high - third))
                high -= third;
            else
                low += third;
        }
        return (float)Math.Pow(2, (low + high) / 2);
    }
}
