package org.xenolith.hw.nvme;

import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.pci.api.PciHost;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeLine;
import org.xenolith.testkit.FakeNode;

/** A controller on the root bus of a host bridge: device 1, INTA to interrupt 7 of the controller, memory window at {@link #BAR}. */
final class NvmeRig {
  /** Where the BAR is put. */
  static final long BAR = 0x1000_0000L;
  static final int DEVFN = 1 << 3;
  static final int LATENCY = 20_000;
  private static final int GIC = 1;
  private static final String HOST = "/pcie@10000000";

  final FakeContext host;
  final PciHost pci;
  final MemoryDisk disk = new MemoryDisk(4096);
  FakeContext context;
  DeviceModel model;

  NvmeRig() {
    host = new FakeContext(FakeNode.at(HOST).compatible("pci-host-ecam-generic")
        .cells("ranges", 2 << 24, 0, (int) BAR, 0, (int) BAR, 0, 0x100_0000)
        .cells("interrupt-map", DEVFN << 8, 0, 0, 1, GIC, 0, 7, 4).build());
    host.beside(FakeNode.at("/gic").cells("phandle", GIC).cells("#interrupt-cells", 3).cells("#address-cells", 0).build());
    pci = new PciHost(host);
    pci.claimRanges();
    context = host.at(node());
    context.port(BlockPort.class).attach(disk, "disk-0");
    model = context.create(new NvmeComponent());
  }

  static PlatformNode node() {
    return FakeNode.at(HOST + "/nvme@1").compatible("xenolith,pci-nvme").cells("reg", DEVFN << 8, 0, 0, 0, 0).build();
  }

  FakeLine pin() {
    return host.line(new InterruptSpecifier("/gic", new int[] {0, 7, 4}));
  }

  int config(int offset, int size) {
    return pci.readConfig(0, DEVFN, offset, size);
  }

  void config(int offset, int size, int value) {
    pci.writeConfig(0, DEVFN, offset, size, value);
  }

  /** Puts the BAR in its place; memory space and bus master on. */
  void enableFunction() {
    config(0x10, 4, (int) BAR);
    config(0x14, 4, 0);
    config(4, 2, 6);
  }

  long read(long offset, int size) {
    return host.readAt(BAR + offset, size);
  }

  void write(long offset, int size, long value) {
    host.writeAt(BAR + offset, size, value);
  }

  void pass() {
    host.clock().advance(LATENCY);
  }

  /** Another model takes over, as in a machine that goes on; the old one's state is damaged so that nothing of it can help. */
  void handOver() {
    var record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    DeviceModel before = model;
    model = context.create(new NvmeComponent());
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
    before.state().reset();
  }
}
