// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

//@if disk
import java.io.IOException;
//@if !dma
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
//@end
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
//@end
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
//@if dma
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
//@end
//@if interrupt
import org.xenolith.machine.api.InterruptLine;
//@end
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;

//@if disk
/** What the registers do: a command moves a sector between the disk and @if dma@memory@else@DATA@end@. */
//@else
/** What the registers do: a command adds up @if dma@what is in memory@else@values@end@. */
//@end
final class @CLASS@ implements DeviceModel, MmioHandler {
//@if interrupt
  /** CONTROL: the interrupt is driven while a command is done. */
  private static final long INTERRUPT = 1;
//@end
  /** STATUS: the command is done. */
  private static final long DONE = 1;
//@if dma disk
  /** STATUS: it could not be carried out. */
  private static final long ERROR = 2;
//@end
//@if disk
  private static final long READ = 1;
  private static final long WRITE = 2;
//@end

  /** All that a guest can see: what is declared here is reset, saved and handed over. */
  private final DeviceState state = new DeviceState();
  private final RegisterFile<@CLASS@Register> registers;
//@if interrupt
  private final InterruptLine line;
//@end
//@if dma
  private final DmaPort memory;
//@end
//@if disk
  /** Stays when the disk or this model is replaced. */
  private final BlockPort port;
//@if dma
  /** Used within a command only: no state. */
  private final byte[] sector = new byte[BlockDevice.SECTOR];
//@else
  private final byte[] sector = state.bytes("sector", BlockDevice.SECTOR);
  private final ByteBuffer words = ByteBuffer.wrap(sector).order(ByteOrder.LITTLE_ENDIAN);
//@end
//@end

  @CLASS@(DeviceContext context) {
//@if interrupt
    line = context.lines().interrupt(0);
//@end
//@if dma
    memory = context.memory().dma();
//@end
//@if disk
    port = context.port(BlockPort.class);
//@end
    registers = state.registers("registers", @CLASS@Register.class, context.faults());
    registers.onWrite(@CLASS@Register.COMMAND, this::command);
//@if interrupt
    registers.onWrite(@CLASS@Register.CONTROL, value -> drive());
    registers.onWrite(@CLASS@Register.STATUS, value -> drive());
//@end
//@if disk
    registers.onRead(@CLASS@Register.SECTORS, () -> port.device() == null ? 0 : Math.min(port.device().sectors(), 0xFFFF_FFFFL));
//@if !dma
    registers.onRead(@CLASS@Register.DATA, () -> words.getInt(position()) & 0xFFFF_FFFFL);
    registers.onWrite(@CLASS@Register.DATA, value -> words.putInt(position(), (int) value));
//@end
//@end
    context.bus().window(0, AccessRule.WORD, this);
  }

  @Override public long read(long offset, int size) {
    return registers.read(offset);
  }

  @Override public void write(long offset, int size, long value) {
    registers.write(offset, value);
  }

//@if disk
  private void command(long command) {
    finish(carriedOut(command) ? DONE : DONE | ERROR);
  }

  /** Whatever a guest asks for and the host's disk answers: no exception leaves a model. */
  private boolean carriedOut(long command) {
    BlockDevice disk = port.device();
    long number = registers.get(@CLASS@Register.SECTOR);
    if (disk == null || number >= disk.sectors()) {
      return false;
    }
    try {
      if (command == READ) {
        disk.read(number, sector, 0, 1);
//@if dma
        memory.write(address(), sector, 0, sector.length);
//@end
        return true;
      }
      if (command != WRITE || disk.readOnly()) {
        return false;
      }
//@if dma
      memory.read(address(), sector, 0, sector.length);
//@end
      disk.write(number, sector, 0, 1);
      return true;
//@if dma
    } catch (IOException | ExternalAbort bad) {
//@else
    } catch (IOException bad) {
//@end
      return false;
    }
  }
//@if !dma

  private int position() {
    return (int) registers.get(@CLASS@Register.POSITION);
  }
//@end
//@else
//@if dma
  private void command(long value) {
    try {
      long total = 0;
      for (long at = 0; at < registers.get(@CLASS@Register.LENGTH); at += 4) {
        total += memory.read(address() + at, 4);
      }
      registers.set(@CLASS@Register.TOTAL, total & 0xFFFF_FFFFL);
      finish(DONE);
    } catch (ExternalAbort nothingThere) {
      finish(DONE | ERROR);
    }
  }
//@else
  private void command(long value) {
    registers.set(@CLASS@Register.TOTAL, registers.get(@CLASS@Register.TOTAL) + registers.get(@CLASS@Register.VALUE) & 0xFFFF_FFFFL);
    finish(DONE);
  }
//@end
//@end
//@if dma

  private long address() {
    return registers.get(@CLASS@Register.ADDRESS_HIGH) << 32 | registers.get(@CLASS@Register.ADDRESS_LOW);
  }
//@end

  private void finish(long status) {
//@if dma disk
    registers.set(@CLASS@Register.STATUS, status);
//@else
    registers.bits(@CLASS@Register.STATUS, status, true);
//@end
//@if interrupt
    drive();
//@end
  }
//@if interrupt

  private void drive() {
    line.set((registers.get(@CLASS@Register.CONTROL) & INTERRUPT) != 0 && (registers.get(@CLASS@Register.STATUS) & DONE) != 0);
  }
//@end

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() {
    state.reset();
//@if interrupt
    drive();
//@end
  }
//@if interrupt

  @Override public void restored() {
    drive();
  }
//@end
}
