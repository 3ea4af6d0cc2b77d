// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.ClockGatePort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterFaults;

/**
 * The registers of a clock. Boards have several clocks with bits in the same block (on Mustang seven in the SCU at 0x17000000): the
 * first node has the block and drives the gates of all. The registers of a window are those that some node names, so their table is
 * made from the tree.
 */
final class XgeneClock implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final RegisterFaults faults;
  /** Addresses of the registers, ascending, and their values. */
  private final long[] addresses;
  private final int[] values;
  private final List<ClockNode> clocks;
  private final List<ClockGatePort> gates;

  XgeneClock(DeviceContext context) {
    faults = context.faults();
    List<PlatformNode> nodes = context.platform().nodes().stream().filter(n -> n.enabled() && n.isCompatible(ClockNode.COMPATIBLE))
        .toList();
    List<AddressWindow> mine = context.node().windows().stream().filter(w -> firstWith(w, nodes).equals(context.node().path())).distinct()
        .toList();
    clocks = nodes.stream().map(ClockNode::of).filter(c -> c.registers().stream().anyMatch(r -> holds(mine, r))).toList();
    TreeSet<Long> all = new TreeSet<>();
    clocks.forEach(c -> c.registers().stream().filter(r -> holds(mine, r)).forEach(all::add));
    addresses = all.stream().mapToLong(Long::longValue).toArray();
    values = state.ints("registers", addresses.length);
    for (AddressWindow window : mine) {
      state.shows("block 0x" + Long.toHexString(window.base()), listed(window), register -> OptionalLong.of(value(window.base() + register
          .spec().offset()) & 0xFFFF_FFFFL));
    }
    gates = clocks.stream().map(c -> c.gated() && holds(mine, c.enable()) ? context.port(c.path(), ClockGatePort.class) : null).toList();
    for (AddressWindow window : mine) {
      List<AddressWindow> pieces = OthersWords.without(context.platform(), window);
      if (pieces.equals(List.of(window))) {
        context.bus().window(context.node().windows().indexOf(window), AccessRule.WORD, new Block(window.base(), 0));
      } else {
        pieces.forEach(piece -> context.bus().window(piece, AccessRule.WORD, new Block(window.base(), piece.base() - window.base())));
      }
    }
  }

  /** By the names that the first clock's node has for them. */
  private List<ListedRegister> listed(AddressWindow window) {
    List<ListedRegister> all = new ArrayList<>();
    for (long address : addresses) {
      if (holds(List.of(window), address)) {
        ClockNode clock = clocks.stream().filter(each -> each.registers().contains(address)).findFirst().orElseThrow();
        String name = address == clock.divider() ? "divider" : address == clock.enable() ? "enable" : "csr";
        all.add(ListedRegister.of(name, (int) (address - window.base()), Integer.BYTES, "binding clock/xgene, " + clock.path()).saidBy(
            XgeneClock.class));
      }
    }
    return all;
  }

  private static boolean holds(List<AddressWindow> windows, long address) {
    return windows.stream().anyMatch(w -> Long.compareUnsigned(address - w.base(), w.size()) < 0);
  }

  private static String firstWith(AddressWindow window, List<PlatformNode> nodes) {
    return nodes.stream().filter(n -> n.windows().stream().anyMatch(
        w -> w.base() - window.base() < window.size() && window.base() - w.base() < w.size())).map(PlatformNode::path).findFirst().orElse(
            "");
  }

  /** A window: registers that a node names keep what is written, as other bits are other devices'; the rest is unknown. */
  private final class Block implements MmioHandler {
    private final long base;
    private final long first;

    /** @param first offset of its first byte in the window at {@code base} */
    Block(long base, long first) {
      this.base = base;
      this.first = first;
    }

    @Override
    public long read(long at, int size) {
      long offset = first + at;
      int index = Arrays.binarySearch(addresses, base + offset);
      if (index < 0) {
        faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
        return 0;
      }
      return values[index] & 0xFFFF_FFFFL;
    }

    @Override
    public void write(long at, int size, long value) {
      long offset = first + at;
      int index = Arrays.binarySearch(addresses, base + offset);
      if (index < 0) {
        faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
      } else {
        values[index] = (int) value;
        drive();
      }
    }
  }

  private int value(long address) {
    int index = Arrays.binarySearch(addresses, address);
    return index < 0 ? 0 : values[index];
  }

  /** A clock runs for its device when all its enable bits are set and no reset bit is. */
  private void drive() {
    for (int i = 0; i < gates.size(); i++) {
      ClockNode clock = clocks.get(i);
      if (gates.get(i) != null) {
        gates.get(i).drive((value(clock.enable()) & clock.enables()) == clock.enables() && (value(clock.reset()) & clock.resets()) == 0);
      }
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** Devices start in reset, without clock; dividers divide by 1, as by 0 makes no clock. */
  @Override
  public void reset() {
    state.reset();
    for (ClockNode clock : clocks) {
      preset(clock.reset(), clock.resets());
      preset(clock.divider(), Integer.lowestOneBit(clock.dividing()));
    }
    drive();
  }

  private void preset(long address, int bits) {
    int index = Arrays.binarySearch(addresses, address);
    if (index >= 0) {
      values[index] |= bits;
    }
  }

  @Override
  public void restored() {
    drive();
  }
}
