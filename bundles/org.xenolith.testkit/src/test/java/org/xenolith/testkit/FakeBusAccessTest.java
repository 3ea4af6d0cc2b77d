// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;

/** A fake context tells who accesses as a machine does. */
class FakeBusAccessTest extends BusAccessContract {
  @Override
  protected Bus bus(PlatformNode node, DeviceModelFactory factory) {
    FakeContext context = new FakeContext(node, 2);
    context.create(factory);
    return new Bus() {
      private void by(Access by) {
        context.initiator(by.cpu());
        context.protection(by.secure(), by.privileged());
      }

      @Override
      public long read(Access by, long address, int size) {
        by(by);
        return context.readAt(address, size);
      }

      @Override
      public void write(Access by, long address, int size, long value) {
        by(by);
        context.writeAt(address, size, value);
      }

      @Override
      public void message(long device, long address, long value) {
        context.message(0, device, address - node.windows().getFirst().base(), value);
      }

      @Override
      public void pass(long nanoseconds) {
        context.clock().advance(nanoseconds);
      }
    };
  }
}
