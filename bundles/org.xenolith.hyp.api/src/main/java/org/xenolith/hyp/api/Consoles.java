package org.xenolith.hyp.api;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Port: consoles of domains. Whatever shows a domain's console connects to it; what serves it (console_io, the PV ring, a
 * virtual UART) writes here and takes input. Output that nobody shows is kept, the last 64 KiB. No state of the machine: what
 * is here has left it.
 */
public final class Consoles {
  private static final int KEPT = 1 << 16;
  private final Map<Integer, Line> lines = new TreeMap<>();

  /** Takes typed bytes for a domain. */
  @FunctionalInterface
  public interface Input {
    /** Returns how many bytes were taken. */
    int offer(byte[] bytes, int offset, int length);
  }

  private static final class Line {
    private final byte[] kept = new byte[KEPT];
    private long written;
    private IntConsumer sink;
    private Input input;
  }

  private Line line(int domid) {
    return lines.computeIfAbsent(domid, id -> new Line());
  }

  /** A domain wrote a byte. */
  public void write(int domid, byte b) {
    Line line = line(domid);
    line.kept[(int) (line.written++ % KEPT)] = b;
    if (line.sink != null) {
      line.sink.accept(b & 0xFF);
    }
  }

  /** Shows a domain's console from now on, in the place of an earlier sink; null for nobody. On the machine's thread. */
  public void connect(int domid, IntConsumer sink) {
    line(domid).sink = sink;
  }

  /** Serves a domain's input, in the place of an earlier one; null for nobody. */
  public void input(int domid, Input input) {
    line(domid).input = input;
  }

  /** Typed bytes for a domain. @return how many were taken */
  public int offer(int domid, byte[] bytes, int offset, int length) {
    Line line = line(domid);
    return line.input == null ? 0 : line.input.offer(bytes, offset, length);
  }

  /** What a domain wrote last, at most 64 KiB. */
  public byte[] kept(int domid) {
    Line line = line(domid);
    int count = (int) Math.min(line.written, KEPT);
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = line.kept[(int) ((line.written - count + i) % KEPT)];
    }
    return bytes;
  }

  /** A domain is gone: its console is empty for the next one of that domid. */
  public void clear(int domid) {
    lines.remove(domid);
  }
}
