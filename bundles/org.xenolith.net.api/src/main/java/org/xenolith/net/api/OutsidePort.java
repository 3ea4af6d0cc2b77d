// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.jspecify.annotations.Nullable;

/**
 * The permanent place where a machine's frames go out and come in, at a node {@link NetworkNodes#OUTSIDE}. Inside is a {@link Station},
 * which a model is; outside is nobody, as in a replay, or who has an {@link OutsideLink}. Everything runs on the machine's thread.
 */
public final class OutsidePort {
  /** Kind of the inputs that frames come in by; their place is the node. */
  public static final String INPUT = "network";

  private @Nullable Station station;
  private @Nullable Outside outside;

  /** Where frames from outside go on. */
  @FunctionalInterface
  public interface Station {
    /**
     * Takes frames.
     *
     * @param frames as {@code org.xenolith.net.kit.FrameBatch} has them
     * @return bytes of those that were taken, whole ones; the others are given again when there may be room
     */
    int bring(byte[] frames);

    /**
     * Frames that guests answer who believe to be connected with the outside: who brings them in where the outside knows nothing of those
     * connections, and refuses what comes of it, has guests see them end. As {@code org.xenolith.net.kit.FrameBatch} has them.
     */
    default byte[] questions() {
      return new byte[0];
    }
  }

  /** Where the guest's frames go. */
  public interface Outside {
    /** Takes a frame; the bytes are the caller's again afterwards. */
    void frame(byte[] bytes, int offset, int length, int offload, int payload);

    /** What it takes: bits of {@link Offload}. */
    int offloads();

    /** Frames that came in were taken. */
    void taken(int bytes);

    /**
     * The same, with the frames. Unless this is overridden, {@link #taken(int)} is called.
     *
     * @param frames as {@code org.xenolith.net.kit.FrameBatch} has them; the caller's again afterwards
     * @param bytes  of those that were taken, the first ones
     */
    default void taken(byte[] frames, int bytes) {
      taken(bytes);
    }
  }

  /** Puts a station in, in the place of an earlier one. */
  public void attach(Station newStation) {
    station = newStation;
  }

  /** Takes a station out if it is still in. */
  public void detach(Station oldStation) {
    if (station == oldStation) {
      station = null;
    }
  }

  /** Connects somebody outside; null for nobody. Also while the machine stands still. */
  public void connect(@Nullable Outside newOutside) {
    outside = newOutside;
  }

  /** Frames come in: what is returned are the bytes that were taken, all of them if nobody is there who can. */
  public int bring(byte[] frames) {
    int taken = station == null ? frames.length : station.bring(frames);
    if (outside != null) {
      outside.taken(frames, taken);
    }
    return taken;
  }

  /** What {@link Station#questions} gives; nothing if no station is there. While the machine stands still. */
  public byte[] questions() {
    return station == null ? new byte[0] : station.questions();
  }

  /** A frame goes out; it is lost if nobody is there. */
  public void send(byte[] bytes, int offset, int length, int offload, int payload) {
    if (outside != null) {
      outside.frame(bytes, offset, length, offload, payload);
    }
  }

  /** Work that may be left to who is outside; nobody wants none of it done. */
  public int offloads() {
    return outside == null ? Offload.CHECKSUM | Offload.CHECKSUM6 | Offload.TCP4 | Offload.TCP6 : outside.offloads();
  }
}
