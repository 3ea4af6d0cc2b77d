package org.xenolith.machine;

import java.util.function.Consumer;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.SystemRegisterHandler;
import org.xenolith.machine.api.SystemRegisterTrap;

/** A device's system registers: what they throw besides a trap takes the device off, and the guest reads all-ones. */
final class GuardedRegisters implements SystemRegisterHandler {
  private final SystemRegisterHandler handler;
  private final Initiator initiator;
  private final Consumer<Throwable> failure;

  GuardedRegisters(SystemRegisterHandler handler, Initiator initiator, Consumer<Throwable> failure) {
    this.handler = handler;
    this.initiator = initiator;
    this.failure = failure;
  }

  @Override public long read(CpuPort cpu, int id) {
    initiator.cpu = cpu.index();
    try {
      return handler.read(cpu, id);
    } catch (SystemRegisterTrap trap) {
      throw trap;
    } catch (RuntimeException | Error bug) {
      failure.accept(bug);
      return -1;
    }
  }

  @Override public void write(CpuPort cpu, int id, long value) {
    initiator.cpu = cpu.index();
    try {
      handler.write(cpu, id, value);
    } catch (SystemRegisterTrap trap) {
      throw trap;
    } catch (RuntimeException | Error bug) {
      failure.accept(bug);
    }
  }
}
