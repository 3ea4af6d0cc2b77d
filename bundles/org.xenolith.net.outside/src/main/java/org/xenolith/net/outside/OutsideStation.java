// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.outside;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.FrameSink;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.OutsidePort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.kit.FrameBatch;
import org.xenolith.regs.DeviceState;

/**
 * A station of a segment that is the outside: what is sent to it leaves the machine, and what comes in it sends. Frames that come in are
 * taken when a card has room for them, so that those who send outside can wait instead of losing some.
 */
final class OutsideStation implements DeviceModel, FrameSink, OutsidePort.Station {
  private final DeviceState state = new DeviceState();
  private final SeenConnections connections = new SeenConnections(state);
  private final OutsidePort port;
  private final StationPort station;

  OutsideStation(DeviceContext context) {
    port = context.port(OutsidePort.class);
    String segment = context.node().property(NetworkNodes.SEGMENT).map(property -> property.string()).orElse(NetworkNodes.FIRST);
    station = EthernetPort.of(context).join(segment, "outside", this, context);
    port.attach(this);
  }

  @Override
  public int bring(byte[] frames) {
    int at = 0;
    int before = 0;
    for (int length = FrameBatch.length(frames, at); length >= 0; length = FrameBatch.length(frames, at)) {
      int payload = FrameBatch.payload(frames, at);
      int many = payload == 0 ? 1 : Math.ceilDiv(length, payload);
      if (!station.room(before, many)) {
        return at;
      }
      station.send(frames, at + FrameBatch.HEADER, length, FrameBatch.offload(frames, at), payload);
      before += many;
      at += FrameBatch.HEADER + length;
    }
    // What isn't a whole frame, as in a journal that was changed by hand, is nothing.
    return frames.length;
  }

  @Override
  public byte[] questions() {
    return connections.questions();
  }

  @Override
  public void frame(byte[] bytes, int offset, int length, int offload, int payload) {
    connections.sent(bytes, offset, length);
    port.send(bytes, offset, length, offload, payload);
  }

  @Override
  public int offloads() {
    return port.offloads();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    station.leave();
    port.detach(this);
  }
}
