// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import java.util.ArrayDeque;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.EthernetSwitch;
import org.xenolith.net.kit.FrameQueue;
import org.xenolith.regs.DeviceState;

/** Gives each frame to all others of the machine, as it is, when its alarm is due. */
final class TestSwitch implements DeviceModel, EthernetSwitch {
  private final DeviceContext context;
  private final EthernetPort port;
  private final Alarm alarm;
  private final DeviceState state = new DeviceState();
  private final FrameQueue queue = new FrameQueue(16 << 20);
  private final ArrayDeque<String> sources = new ArrayDeque<>();

  private TestSwitch(DeviceContext context) {
    this.context = context;
    port = context.port(EthernetPort.class);
    alarm = context.time().alarm("deliver", this::deliver);
    port.attach(this, context);
  }

  static DeviceModelFactory factory() {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("switch", "", "");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return new TestSwitch(context);
      }
    };
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void joined(StationPort station) {}

  @Override
  public void left(StationPort station) {}

  @Override
  public void send(StationPort from, byte[] bytes, int offset, int length, int offload, int segment) {
    if (!queue.add(0, bytes, offset, length, offload, segment)) {
      throw new AssertionError("the test sends more than it delivers");
    }
    sources.add(from.name());
    alarm.at(context.time().clock().now());
  }

  private void deliver() {
    while (queue.peek()) {
      String source = sources.remove();
      for (StationPort station : port.stations()) {
        if (!station.name().equals(source)) {
          station.deliver(queue.bytes(), 0, queue.length(), queue.offload(), queue.payload());
        }
      }
      queue.drop();
    }
  }
}
