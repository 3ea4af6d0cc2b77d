// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.inspect.symbols.SymbolTable;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.profile.api.Profile;

/** Watches one machine and adds up. Everything happens on the machine's thread, or while the machine isn't running. */
final class RunningProfile implements Profile, MachineWatcher {
  private final Machine machine;
  private final long period;
  private final Runnable onClose;
  private final Findings findings;
  private final InspectedMachine inspected;
  private boolean closed;
  private volatile boolean gone;

  /**
   * Begins.
   *
   * @param inspected the machine as it can be looked into
   * @param period  instructions between samples
   * @param finder  finds the symbols of kernels
   * @param files   symbols that the user gave
   * @param onClose told when it ends
   */
  RunningProfile(Machine machine, InspectedMachine inspected, long period, SymbolFinder finder, SymbolTable files, Runnable onClose) {
    this.machine = machine;
    this.inspected = inspected;
    this.period = period;
    this.onClose = onClose;
    findings = new Findings(period, machine.instructions(), new Samples(new Origins(inspected), finder, files));
    machine.watch(this);
  }

  @Override
  public long period() {
    return period;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
    findings.sampled(instructions, nanoseconds);
    inspected.processor(cpu.index()).ifPresent(seen -> findings.samples.add(seen, instructions, Math.max(0, nanoseconds - inExits)));
  }

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {
    findings.exits.begin(kind, place, now);
  }

  @Override
  public void exitEnds(long now) {
    findings.exits.end(now);
  }

  @Override
  public void exception(CpuPort cpu, String what) {
    findings.exceptions.add(what);
  }

  @Override
  public void translated(long instructions, String wayOut) {
    findings.translated(instructions, wayOut);
  }

  /** Samples so far. */
  long samples() {
    return findings.samples();
  }

  /** The bundle goes: ends as soon as the machine's thread may, and writes no more. Any thread. */
  void leave() {
    gone = true;
    machine.post(this::close);
  }

  @Override
  public void closed() {
    closed = true;
    onClose.run();
  }

  @Override
  public void write(Path folder) throws IOException {
    if (gone) {
      throw new IOException(
          "what was found out is lost: org.xenolith.profile, or org.xenolith.inspect or org.xenolith.symbols below it, was removed or replaced while the machine ran");
    }
    findings.samples.last();
    Files.createDirectories(folder);
    StackTree<String> stacks = findings.stacks();
    Files.writeString(folder.resolve("profile.txt"), new TextReport(findings, machine.instructions(), stacks).text());
    Files.writeString(folder.resolve("instructions.collapsed"), CollapsedStacks.text(stacks, weight -> weight.instructions));
    Files.writeString(folder.resolve("nanoseconds.collapsed"), CollapsedStacks.text(stacks, weight -> weight.nanoseconds));
    Files.writeString(folder.resolve("flame.html"), FlameGraph.html(stacks));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      machine.forget(this);
      onClose.run();
    }
  }
}
