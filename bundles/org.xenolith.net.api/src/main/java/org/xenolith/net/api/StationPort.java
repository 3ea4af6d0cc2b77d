// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.xenolith.machine.api.DeviceContext;

/**
 * One station's connection to a segment, between its owner and the switch: without a switch, and after it has left, what it sends is
 * dropped.
 */
public final class StationPort {
  private final EthernetPort port;
  private final String segment;
  private final String name;
  private final FrameSink sink;
  private final DeviceContext owner;
  private boolean joined = true;
  private int place = -1;

  StationPort(EthernetPort port, String segment, String name, FrameSink sink, DeviceContext owner) {
    this.port = port;
    this.segment = segment;
    this.name = name;
    this.sink = sink;
    this.owner = owner;
  }

  /** The segment's name. */
  public String segment() {
    return segment;
  }

  /** Its name, which no other station of the machine has. */
  public String name() {
    return name;
  }

  DeviceContext owner() {
    return owner;
  }

  /** Whether it is still joined. */
  public boolean joined() {
    return joined;
  }

  /** Whether its link is up: it is joined, there is a switch, and the link isn't down. */
  public boolean up() {
    return joined && port.up(this);
  }

  void carrierChanged() {
    port.carrierChanged(this, sink);
  }

  void gone() {
    joined = false;
  }

  /** For the switch: what {@link #place(int)} set, -1 at first. */
  public int place() {
    return place;
  }

  /** For the switch: keeps a number of its own here. */
  public void place(int newPlace) {
    place = newPlace;
  }

  /** Sends a complete frame. */
  public void send(byte[] bytes, int offset, int length) {
    port.send(this, bytes, offset, length, 0, 0);
  }

  /**
   * Sends a frame.
   *
   * @param bytes   the caller's again afterwards
   * @param offset  of the destination address
   * @param length  {@link EthernetPort#HEADER} to {@link EthernetPort#MOST} bytes; others are dropped
   * @param offload bits of {@link Offload} that are left to do
   * @param payload most bytes of payload of one segment for a frame that is many ({@link Offload#TCP4}, {@code TCP6}); else 0
   */
  public void send(byte[] bytes, int offset, int length, int offload, int payload) {
    port.send(this, bytes, offset, length, offload, payload);
  }

  /**
   * Whether some other station of the segment has room for frames, for who can wait: for so many behind others that are on their way, or
   * for as many as it ever has.
   */
  public boolean room(int before, int frames) {
    return port.room(this, before, frames);
  }

  boolean hasRoom(int before, int frames) {
    return !joined || port.hasRoom(this, sink, before, frames);
  }

  /** Leaves: nothing is delivered any more, and what it sends is dropped. */
  public void leave() {
    port.leave(this);
  }

  /** For the switch: what the receiver takes, bits of {@link Offload}. */
  public int offloads() {
    return joined ? port.offloads(this, sink) : 0;
  }

  /** For the switch: gives the receiver a frame. A receiver that throws is taken off. */
  public void deliver(byte[] bytes, int offset, int length, int offload, int payload) {
    if (joined) {
      port.deliver(this, sink, bytes, offset, length, offload, payload);
    }
  }
}
