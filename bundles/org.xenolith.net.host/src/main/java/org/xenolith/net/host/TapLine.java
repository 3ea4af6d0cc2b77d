// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A tap interface of Linux (its Documentation/networking/tuntap.rst): frames without anything before them. */
final class TapLine implements FrameLine {
  /** Bytes of an interface's name, with the zero at its end (IFNAMSIZ). */
  static final int NAME = 16;
  private static final String DEVICE = "/dev/net/tun";
  /** TUNSETIFF; struct ifreq has the name, then flags in two bytes. */
  private static final long SET_INTERFACE = 0x400454CAL;
  private static final int REQUEST = 40;
  private static final short TAP_WITHOUT_HEADER = 0x1002;
  /** Milliseconds after which who reads looks whether it is to end. */
  private static final int LOOK = 200;

  private final String name;
  private final int file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment in = arena.allocate(1 << 17);
  private final MemorySegment out = arena.allocate(1 << 17);
  private final MemorySegment wanted = arena.allocate(8);
  private volatile boolean closed;
  private boolean done;

  private TapLine(String name, int file) {
    this.name = name;
    this.file = file;
  }

  /** @throws IOException if there is no such interface and none can be made, or it can't be had */
  static TapLine of(String name) throws IOException {
    int file = TapCalls.open(DEVICE);
    if (file < 0) {
      throw new IOException(DEVICE + ": " + TapCalls.reason(-file)
          + "; taps need the kernel's module tun and the right to open that file");
    }
    int set;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(REQUEST);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, NAME, TAP_WITHOUT_HEADER);
      set = TapCalls.control(file, SET_INTERFACE, request);
    }
    if (set < 0) {
      TapCalls.close(file);
      throw new IOException(name + ": " + TapCalls.reason(-set) + "; have root make it yours: ip tuntap add " + name
          + " mode tap user $USER");
    }
    return new TapLine(name, file);
  }

  @Override
  public String open() {
    return name;
  }

  @Override
  public int read(byte[] frame) throws IOException {
    while (!closed) {
      int ready = TapCalls.awaitInput(file, wanted, LOOK);
      if (ready > 0) {
        int count = TapCalls.read(file, in, frame.length);
        if (count < 0) {
          throw new IOException(TapCalls.reason(-count));
        }
        MemorySegment.copy(in, ValueLayout.JAVA_BYTE, 0, frame, 0, count);
        return count;
      }
    }
    return -1;
  }

  @Override
  public void write(byte[] frame) throws IOException {
    MemorySegment.copy(frame, 0, out, ValueLayout.JAVA_BYTE, 0, frame.length);
    synchronized (this) {
      int written = done ? 0 : TapCalls.write(file, out, frame.length);
      if (written < 0) {
        throw new IOException(TapCalls.reason(-written));
      }
    }
  }

  @Override
  public synchronized boolean left() {
    if (!done) {
      done = true;
      TapCalls.close(file);
    }
    return false;
  }

  /** Who reads ends within {@link #LOOK}, and closes the file then. */
  @Override
  public void close() {
    closed = true;
  }
}
