module.exports = {
  maxWorkers: 2,
  // So few and quick tests would run without workers; a limit keeps Jest from that.
  workerIdleMemoryLimit: "1GB",
};
