// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.block.MemoryDisk;
import org.xenolith.testkit.pci.FakePciHost;

/** A controller with a disk on the bus of a host bridge. */
final class NvmeRig {
  static final int LATENCY = 20_000;

  final FakePciHost pci = new FakePciHost();
  final FakeContext host = pci.context();
  final MemoryDisk disk = new MemoryDisk(4096);
  FakeContext context;
  DeviceModel model;

  NvmeRig() {
    context = host.at(FakePciHost.function("nvme@1", "xenolith,pci-nvme").build());
    context.port(BlockPort.class).attach(disk, "disk-0");
    model = context.create(new NvmeComponent());
  }

  int config(int offset, int size) {
    return pci.config(offset, size);
  }

  void config(int offset, int size, int value) {
    pci.config(offset, size, value);
  }

  long read(long offset, int size) {
    return pci.read(offset, size);
  }

  void write(long offset, int size, long value) {
    pci.write(offset, size, value);
  }

  void pass() {
    host.clock().advance(LATENCY);
  }

  /** Another model takes over, as in a machine that goes on; the old one's state is damaged so that nothing of it can help. */
  void handOver() {
    StateRecord record = model.state().save();
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
