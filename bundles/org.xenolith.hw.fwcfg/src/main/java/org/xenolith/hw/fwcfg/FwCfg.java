// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;

/**
 * The registers: data (offset 0, up to 8 bytes), selector (8, 16 bits) and, behind them, the address of a request for DMA (16, 64 bits).
 * The selector and the address are big-endian; data are a stream of bytes. An item reads as zeros behind its end, and so does what isn't
 * there. Files of devices are written by DMA. Source: QEMU, docs/specs/fw_cfg.rst.
 */
final class FwCfg implements DeviceModel, MmioHandler {
  private static final int SELECTOR = 8;
  private static final int DMA = 16;
  private static final int DMA_LOW = 20;
  private static final int DMA_END = 24;
  /** What the register of DMA reads as: "QEMU CFG", the first letter at the lowest address. */
  private static final long SIGNATURE = 0x4746_4320_554D_4551L;

  private static final String REFERENCE = "QEMU, docs/specs/fw_cfg.rst";

  private final DeviceState state = new DeviceState();
  private final LongCell address = state.cell("dma-address", 0);
  private final Selection selection;
  private final DmaRequest dma;
  private final RegisterFaults faults;

  FwCfg(DeviceContext context) {
    faults = context.faults();
    selection = new Selection(context.port(FwCfgPort.class), state);
    dma = new DmaRequest(context, state, selection);
    context.bus().window(0, AccessRule.ANY, this);
    state.shows("ports", ListedRegister.saidBy(FwCfg.class, List.of(ListedRegister.of("data", 0, SELECTOR, REFERENCE), ListedRegister.of(
        "selector", SELECTOR, 2, REFERENCE),
        ListedRegister.of("DMA address", DMA, DMA_END - DMA, REFERENCE))), register -> register.spec().offset() == DMA ? OptionalLong.of(
            SIGNATURE) : OptionalLong.empty());
  }

  @Override
  public long read(long offset, int size) {
    if (offset < SELECTOR) {
      return selection.next(size);
    }
    if (offset >= DMA && offset + size <= DMA_END) {
      return SIGNATURE >>> 8 * (offset - DMA);
    }
    if (offset != SELECTOR) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
    }
    return 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    if (offset == SELECTOR && size == 2) {
      selection.select(Short.reverseBytes((short) value) & 0xFFFF);
    } else if (offset == DMA && size == 8) {
      request(Long.reverseBytes(value));
    } else if (offset == DMA && size == 4) {
      address.value = Integer.toUnsignedLong(Integer.reverseBytes((int) value)) << 32;
    } else if (offset == DMA_LOW && size == 4) {
      request(address.value | Integer.toUnsignedLong(Integer.reverseBytes((int) value)));
    } else if (offset != SELECTOR) {
      // Data can't be written since QEMU 2.4, and no address in parts. A selector of another size is nothing.
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
    }
  }

  private void request(long at) {
    address.value = 0;
    dma.perform(at);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    dma.reset();
  }
}
