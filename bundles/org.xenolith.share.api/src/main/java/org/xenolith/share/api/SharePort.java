// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;

/**
 * The permanent place at a node where a device meets the folder that it shows a guest. Inside is a {@link Device}, which a model is; outside is
 * nobody, as in a replay, or who has a {@link FolderServer}. Everything runs on the machine's thread. What it has of the host (which
 * files are open) is in snapshots, and not in the digest.
 */
public final class SharePort implements PortState {
  /** Kind of the inputs that answers are; their place is the node. */
  public static final String INPUT = "share";
  /**
   * Bytes of an input before the answer: the request's id in eight, then zeros. So the data of an Rread begin at byte 32, from which on a journal knows again what it has.
   */
  public static final int PREFIX = 21;
  private static final byte[] NOTHING = {};

  private final DeviceState state = new DeviceState();
  private byte[] saved = NOTHING;
  private @Nullable Device device;
  private @Nullable Outside outside;

  /** The model. */
  public interface Device {
    /**
     * A request is answered; one that nobody waits for is passed over.
     *
     * @param bytes  valid during the call only
     * @param offset of the answer, a whole message
     * @return false if it can't be taken now: it comes again
     */
    boolean answered(long id, byte[] bytes, int offset, int length);

    /** Ids of the requests that it waits for. */
    long[] pending();
  }

  /** Who answers. */
  public interface Outside {
    /** Asks. */
    void request(long id, byte[] message);

    /** An answer was taken. */
    void taken(long id);

    /** See {@link FolderServer#save}. */
    byte[] save();
  }

  /** A port with nobody at either side. */
  public SharePort() {
    state.varying("files", () -> saved = NOTHING, this::save, bytes -> saved = bytes.clone());
  }

  private byte[] save() {
    return outside == null ? saved.clone() : outside.save();
  }

  /** What a snapshot had of the outside; empty if nothing. */
  public byte[] saved() {
    return saved.clone();
  }

  /** Puts a device in, in the place of an earlier one. */
  public void attach(Device newDevice) {
    device = newDevice;
  }

  /** Takes a device out if it is still in. */
  public void detach(Device oldDevice) {
    if (device == oldDevice) {
      device = null;
    }
  }

  /** Connects somebody outside; null for nobody. Also while the machine stands still. */
  public void connect(@Nullable Outside newOutside) {
    outside = newOutside;
  }

  /** Ids of the requests that a device waits for. */
  public long[] pending() {
    return device == null ? new long[0] : device.pending();
  }

  /** Device: asks. It isn't answered if nobody is there. */
  public void request(long id, byte[] message) {
    if (outside != null) {
      outside.request(id, message);
    }
  }

  /** An answer comes in, as {@link #input} makes it. @return the bytes that were taken: all, or 0 if it is to come again */
  public int bring(byte[] input) {
    if (input.length < PREFIX) {
      return input.length; // as in a journal that was changed by hand
    }
    long id = 0;
    for (int i = Long.BYTES - 1; i >= 0; i--) {
      id = id << 8 | input[i] & 0xFF;
    }
    if (device == null || !device.answered(id, input, PREFIX, input.length - PREFIX)) {
      return 0;
    }
    if (outside != null) {
      outside.taken(id);
    }
    return input.length;
  }

  /** The input that an answer is. */
  public static byte[] input(long id, byte[] message) {
    byte[] input = new byte[PREFIX + message.length];
    for (int i = 0; i < Long.BYTES; i++) {
      input[i] = (byte) (id >>> 8 * i);
    }
    System.arraycopy(message, 0, input, PREFIX, message.length);
    return input;
  }

  /** The answer in an input. */
  public static byte[] message(byte[] input) {
    return Arrays.copyOfRange(input, PREFIX, input.length);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public boolean ofTheHost() {
    return true;
  }
}
