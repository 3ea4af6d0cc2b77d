// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.xenolith.hw.pcihost.xgene.XgeneRegister.BRIDGE_STATUS_0;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.CFGBARH;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.CFGBARL;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.CFGCTL;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.CTLANDSTATUS;
import static org.xenolith.hw.pcihost.xgene.XgeneRegister.RTDID;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciUpstream;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterFile;

/**
 * A PCIe port: registers, a configuration window whose target is a register, a root port, outbound windows and inbound regions. In
 * the configuration window address bits 17:16 are the cycle's type; bits 15:12 aren't decoded.
 */
final class XgeneHost implements DeviceModel {
  private static final int TYPE_SHIFT = 16;
  private static final int TYPE = 3;
  private static final int REGISTER = 0xFFF;
  private static final int FUNCTION_SHIFT = 12;
  private static final int FUNCTIONS = 0xFFFF;
  private static final int ABSENT = -1;
  /** Targets of configuration cycles that are no function behind the root port. */
  private static final int ROOT_PORT = -1;
  private static final int NOWHERE = -2;
  /** A vendor id that says to ask again later (PCI Express Base 4.0, 2.3.1). */
  private static final int RETRY = 0xFFFF_0001;

  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final RegisterFile<XgeneRegister> registers;
  private final PciHost host;
  private final XgeneRootPort root;
  private final OutboundMap outbound;
  private final InboundMap inbound;
  private final Map<Integer, DmaPort> requesters = new HashMap<>();
  private final long configBase;
  private final long configSize;
  /** Null if the port works without a clock. */
  private final ClockGatePort clock;
  private final boolean targetRegister;
  private final boolean wordReads;
  private final boolean configEnable;
  private final boolean crsInvents;
  private final boolean outboundMap;
  private final boolean inboundMap;

  XgeneHost(DeviceContext context) {
    this.context = context;
    int csr = XgeneNode.window(context, "csr");
    int cfg = XgeneNode.window(context, "cfg");
    clock = context.options().flag(XgeneHostComponent.CLOCK_GATE) ? XgeneNode.clock(context) : null;
    targetRegister = context.options().flag(XgeneHostComponent.TARGET_REGISTER);
    wordReads = context.options().flag(XgeneHostComponent.WORD_CONFIG_READS);
    configEnable = context.options().flag(XgeneHostComponent.CONFIG_ENABLE);
    crsInvents = context.options().flag(XgeneHostComponent.CRS_INVENTS_DEVICES);
    outboundMap = context.options().flag(XgeneHostComponent.OUTBOUND_MAP);
    inboundMap = context.options().flag(XgeneHostComponent.INBOUND_MAP);
    boolean bars = context.options().flag(XgeneHostComponent.ROOT_BARS);
    registers = state.registers("registers", XgeneRegister.class, context.faults());
    // The root bus is within the port: nothing else can be plugged in there.
    host = new PciHost(context, new PciBusPort());
    host.root().connect(new Upstream());
    root = new XgeneRootPort(registers, state, host.root(), XgeneNode.below(context), bars, XgeneNode.lanes(context), XgeneNode.generation(
        context));
    outbound = new OutboundMap(registers, context.options().flag(XgeneHostComponent.OUTBOUND_MINIMUM));
    inbound = new InboundMap(registers, root, bars);
    registers.onRead(CTLANDSTATUS, root::linkStatus).onRead(BRIDGE_STATUS_0, root::linkWidth);
    configBase = context.node().windows().get(cfg).base();
    configSize = context.node().windows().get(cfg).size();
    claimRegisters(csr);
    context.bus().window(cfg, AccessRule.UP_TO_WORD, new Configuration());
    int configuration = (int) context.node().windows().get(cfg).size();
    state.shows("configuration", List.of(ListedRegister.of("configuration spaces", 0, configuration, "binding pci/xgene-pci").saidBy(
        XgeneHost.class)),
        spaces -> OptionalLong.empty());
    PciRange.of(context).forEach(range -> context.bus().window(range.cpu(), AccessRule.ANY, new Outbound(range)));
  }

  /** The block of registers has other nodes' in it, such as the port's clock: what is left of it is claimed. */
  private void claimRegisters(int csr) {
    AddressWindow all = context.node().windows().get(csr);
    List<AddressWindow> free = XgeneNode.free(context, all);
    if (free.equals(List.of(all))) {
      context.bus().window(csr, AccessRule.WORD, new Registers(0));
    } else {
      free.forEach(piece -> context.bus().window(piece, AccessRule.WORD, new Registers(piece.base() - all.base())));
    }
  }

  private void report(String kind, String text, long address) {
    context.events().report(kind, context.instance(), text + " 0x" + Long.toHexString(address));
  }

  private boolean clocked(String what, long address) {
    if (clock == null || clock.running()) {
      return true;
    }
    report("clock-off", what, address);
    return false;
  }

  /** The port's own registers from an offset on. */
  private final class Registers implements MmioHandler {
    private final long first;

    Registers(long first) {
      this.first = first;
    }

    @Override
    public long read(long offset, int size) {
      return clocked("register read at", first + offset) ? registers.read(first + offset) : 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      if (clocked("register write at", first + offset)) {
        registers.write(first + offset, value);
      }
    }
  }

  // ---- Configuration cycles

  private final class Configuration implements MmioHandler {
    @Override
    public long read(long offset, int size) {
      int word = open(offset) ? readWord(target(offset), (int) offset & REGISTER & ~3) : ABSENT;
      int lane = wordReads ? 0 : (int) offset & 3;
      return (word & 0xFFFF_FFFFL) >>> 8 * lane;
    }

    /** Writes carry byte enables: Linux's ACPI path makes narrow ones. */
    @Override
    public void write(long offset, int size, long value) {
      if (!open(offset)) {
        return;
      }
      int target = target(offset);
      if (target == ROOT_PORT) {
        root.write((int) offset & REGISTER, size, (int) value);
      } else if (target != NOWHERE && passes(target)) {
        host.writeConfig(target >>> 8, target & 0xFF, (int) offset & REGISTER, size, (int) value);
      }
    }

    private boolean open(long offset) {
      if (!clocked("configuration cycle at", offset)) {
        return false;
      }
      long base = registers.get(CFGBARL) | registers.get(CFGBARH) << 32;
      if (!configEnable || (registers.get(CFGCTL) & 1) != 0 && ((base ^ configBase) & -configSize) == 0) {
        return true;
      }
      report("config-closed", "CFGBAR and CFGCTL don't open the window for the cycle at", offset);
      return false;
    }
  }

  /** What a cycle is for: bus 15:8, device 7:3, function 2:0; or one of the constants. */
  private int target(long offset) {
    if (targetRegister) {
      int type = (int) (offset >>> TYPE_SHIFT) & TYPE;
      return type == 0 ? ROOT_PORT : type == 1 ? (int) registers.get(RTDID) : NOWHERE;
    }
    int target = (int) (offset >>> FUNCTION_SHIFT) & FUNCTIONS;
    return passes(target) ? target : (target & 0xFF) == 0 ? ROOT_PORT : NOWHERE;
  }

  /** A cycle of type 1 is for what is behind the root port. */
  private boolean passes(int target) {
    return target >>> 8 != host.root().number();
  }

  private int readWord(int target, int register) {
    if (target == ROOT_PORT) {
      return root.read(register);
    }
    if (target == NOWHERE) {
      return ABSENT;
    }
    int word = passes(target) ? host.readConfig(target >>> 8, target & 0xFF, register, 4) : ABSENT;
    return word == ABSENT && register == 0 && crsInvents && root.crsVisible() ? RETRY : word;
  }

  // ---- CPUs to the bus

  private final class Outbound implements MmioHandler {
    private static final int REFUSED = -1;
    private static final int BY_RANGE = 3;
    private final PciRange range;

    Outbound(PciRange range) {
      this.range = range;
    }

    @Override
    public long read(long offset, int size) {
      int window = window("outbound read at", offset);
      return window == REFUSED ? -1L >>> 64 - 8 * size : host.read(io(window), bus(window, offset), size);
    }

    @Override
    public void write(long offset, int size, long value) {
      int window = window("outbound write at", offset);
      if (window != REFUSED) {
        host.write(io(window), bus(window, offset), size, value);
      }
    }

    private int window(String what, long offset) {
      long address = range.cpu().base() + offset;
      if (!clocked(what, address)) {
        return REFUSED;
      }
      int window = outboundMap ? outbound.find(address) : BY_RANGE;
      if (window == REFUSED) {
        report("outbound-refused", what, address);
      }
      return window;
    }

    private boolean io(int window) {
      return window == BY_RANGE ? range.io() : outbound.io(window);
    }

    private long bus(int window, long offset) {
      return window == BY_RANGE ? range.bus() + offset : outbound.bus(window, range.cpu().base() + offset);
    }
  }

  // ---- The bus to memory

  private final class Upstream implements PciUpstream {
    @Override
    public DmaPort requester(int requester) {
      return requesters.computeIfAbsent(requester, id -> new InboundPort(host.requester(id), XgeneHost.this::translate,
          address -> report("inbound-refused", "requester 0x" + Integer.toHexString(id) + " at", address)));
    }

    @Override
    public void interrupt(int devfn, int pin, boolean level) {
      host.interrupt(devfn, pin, level);
    }

    @Override
    public void decodeChanged() {
      host.decodeChanged();
    }
  }

  private long translate(long address, int length) {
    if (clock != null && !clock.running()) {
      return InboundMap.REFUSED;
    }
    return inboundMap ? inbound.translate(address, length) : address;
  }

  // ---- The model's life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    root.reset();
  }

  @Override
  public void restored() {
    root.restored();
  }

  @Override
  public void removed() {
    root.removed();
    host.removed();
  }
}
