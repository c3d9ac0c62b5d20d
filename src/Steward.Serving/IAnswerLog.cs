namespace Steward.Serving;

/// <summary>Takes answers over behind the caller's back.</summary>
internal interface IAnswerLog
{
    /// <summary>Never waits and never throws; the picture's bytes are the log's from now on.</summary>
    void Append(Prediction prediction, byte[]? picture = null);
}
