"""A report as scalars for TensorBoard."""


def write_scalars(report, log_dir, step: int) -> None:
    """Writes the numbers of each section, and the tables as text, to `log_dir`."""
    import tensorflow as tf

    writer = tf.summary.create_file_writer(str(log_dir))
    with writer.as_default(step=step):
        for section in report.sections:
            topic = section.title.lower().replace(" ", "_")
            for name, value in section.scalars().items():
                tf.summary.scalar(f"{topic}/{name.replace(' ', '_')}", value)
        tf.summary.text("report", report.to_markdown())
    writer.close()
