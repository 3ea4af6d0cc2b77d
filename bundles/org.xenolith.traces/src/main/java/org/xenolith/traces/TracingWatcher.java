// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceStream;

/** Hears of a machine for a trace. Host time, and what follows from it, is left out. */
final class TracingWatcher implements MachineWatcher {
  private final TraceStream stream;
  private final boolean exceptions;
  private final boolean returns;
  private final boolean accesses;
  private final boolean registers;
  private final boolean dma;
  private final boolean lines;

  TracingWatcher(TraceStream stream) {
    this.stream = stream;
    exceptions = stream.wants(WatchedEvents.EXCEPTION);
    returns = stream.wants(WatchedEvents.RETURN);
    accesses = stream.wants(WatchedEvents.ACCESS);
    registers = stream.wants(WatchedEvents.REGISTER);
    dma = stream.wants(WatchedEvents.DMA);
    lines = stream.wants(WatchedEvents.LINE);
  }

  private void tell(TraceKind kind, String device, Object... values) {
    stream.tell(kind, TraceStream.NO_DOMAIN, device, values);
  }

  private static Long flag(boolean set) {
    return set ? 1L : 0L;
  }

  /** It looks at no CPU. */
  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {
    // Never comes.
  }

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {
    switch (kind) {
      case HYPERVISOR -> tell(WatchedEvents.TRAP, TraceStream.NO_DEVICE, place);
      case FIRMWARE -> tell(WatchedEvents.FIRMWARE, place);
      case ALARM -> tell(WatchedEvents.ALARM, place);
      case READ, WRITE, REGISTER -> {
        // Told when the value is known.
      }
    }
  }

  @Override
  public void exitEnds(long now) {
    // Virtual time stands still in an exit.
  }

  @Override
  public void exception(CpuPort cpu, String what) {
    if (exceptions) {
      tell(WatchedEvents.EXCEPTION, TraceStream.NO_DEVICE, what);
    }
  }

  @Override
  public void returned(CpuPort cpu, String what) {
    if (returns) {
      tell(WatchedEvents.RETURN, TraceStream.NO_DEVICE, what);
    }
  }

  @Override
  public void accessed(String place, long address, int size, boolean write, long value) {
    if (accesses) {
      tell(WatchedEvents.ACCESS, place, address, (long) size, flag(write), value);
    }
  }

  @Override
  public void accessedRegister(CpuPort cpu, String place, int register, boolean write, long value) {
    if (registers) {
      tell(WatchedEvents.REGISTER, place, register & 0xFFFF_FFFFL, flag(write), value);
    }
  }

  @Override
  public void transferred(String place, long address, int length, boolean write) {
    if (dma) {
      tell(WatchedEvents.DMA, place, address, (long) length, flag(write));
    }
  }

  @Override
  public void line(String wire, boolean level) {
    if (lines) {
      int end = wire.indexOf(' ');
      tell(WatchedEvents.LINE, end < 0 ? wire : wire.substring(0, end), wire, flag(level));
    }
  }

  @Override
  public void event(String kind, String place, String text) {
    tell(WatchedEvents.EVENT, place, kind, text);
  }

  @Override
  public boolean wantsTranslated() {
    // It depends on what was translated before.
    return false;
  }

  @Override
  public void translated(long instructions, String wayOut) {}
}
