// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random changes of a log, and what there was after each of them. The same for a seed in each run. */
final class LogHistory {
  private static final int ATTRIBUTES = 7;
  final TornDisk disk;
  /** Contents before the first change, after it, and so on. */
  final List<LogContents> states = new ArrayList<>();
  /** How many writes there had been then. */
  final List<Integer> writes = new ArrayList<>();
  private final Random random;
  private final int mostData;
  private VariableLog log;
  private LogContents refused;

  LogHistory(TornDisk disk, long seed, int mostData) {
    this.disk = disk;
    this.mostData = mostData;
    random = new Random(seed);
    open();
    remember(new LogContents());
  }

  /** As another process does. */
  void open() {
    log = new VariableLog(disk, LogReader.read(disk).position());
  }

  LogContents last() {
    return states.getLast();
  }

  /** What the last change was to make, whether or not it did. */
  LogContents refused() {
    return refused;
  }

  VariableLog log() {
    return log;
  }

  private void remember(LogContents contents) {
    states.add(contents);
    writes.add(disk.writes.size());
  }

  /** Makes that many changes that all succeed. */
  LogHistory change(int times) throws IOException {
    for (int i = 0; i < times; i++) {
      change();
    }
    return this;
  }

  /** One change; one that fails hasn't happened. */
  void change() throws IOException {
    LogRecord record = random();
    LogContents after = copy(last());
    after.apply(record);
    refused = after;
    log.write(record, () -> copy(after));
    remember(after);
  }

  private LogRecord random() {
    List<StoredVariable> there = List.copyOf(last().variables().values());
    int kind = random.nextInt(10);
    if (kind == 0) {
      return LogRecord.counter(last().counter() + 1 + random.nextInt(3));
    } else if (!there.isEmpty() && (kind <= 3 || there.size() > 5)) {
      return LogRecord.delete(there.get(random.nextInt(there.size())).name());
    }
    byte[] data = new byte[1 + random.nextInt(mostData)];
    random.nextBytes(data);
    return LogRecord.put(StoredVariable.plain(StoreStand.name("V" + random.nextInt(8)), ATTRIBUTES, data));
  }

  static LogContents copy(LogContents contents) {
    LogContents copy = new LogContents().with(contents.counter());
    contents.variables().values().forEach(copy::with);
    return copy;
  }
}
