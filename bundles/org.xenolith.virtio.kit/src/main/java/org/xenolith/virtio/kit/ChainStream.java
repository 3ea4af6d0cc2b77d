// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;

/**
 * The readable or the writable part of a chain as one run of bytes: where a driver cuts it into buffers means nothing
 * (Virtual I/O Device 1.2, 2.7.4). What the DMA port throws for an address that nothing answers passes through.
 */
public final class ChainStream {
  private final DmaPort dma;
  private Chain chain;
  private int buffer;
  private int end;
  private int at;

  /** A stream over chains whose buffers are reached through {@code dma}. */
  public ChainStream(DmaPort dma) {
    this.dma = dma;
  }

  /** Starts at the first readable byte, or the first writable one. */
  public ChainStream over(Chain newChain, boolean writable) {
    chain = newChain;
    buffer = writable ? chain.count() - chain.writable() : 0;
    end = writable ? chain.count() : chain.count() - chain.writable();
    at = 0;
    return this;
  }

  /** Bytes from the current position to the end. */
  public long remaining() {
    long sum = -at;
    for (int i = buffer; i < end; i++) {
      sum += chain.length(i);
    }
    return buffer < end ? sum : 0;
  }

  /** Takes {@code length} bytes; there must be as many. */
  public void read(byte[] into, int length) {
    read(into, 0, length);
  }

  /** Takes {@code length} bytes to where {@code offset} is; there must be as many. */
  public void read(byte[] into, int offset, int length) {
    for (int done = 0; done < length;) {
      int piece = piece(length - done);
      dma.read(chain.address(buffer) + at, into, offset + done, piece);
      at += piece;
      done += piece;
    }
  }

  /** Puts {@code length} bytes; there must be room for as many. */
  public void write(byte[] from, int length) {
    write(from, 0, length);
  }

  /** Puts {@code length} bytes that begin at {@code offset}; there must be room for as many. */
  public void write(byte[] from, int offset, int length) {
    for (int done = 0; done < length;) {
      int piece = piece(length - done);
      dma.write(chain.address(buffer) + at, from, offset + done, piece);
      at += piece;
      done += piece;
    }
  }

  /** Passes {@code length} bytes over; there must be as many. */
  public void skip(int length) {
    for (int done = 0; done < length;) {
      int piece = piece(length - done);
      at += piece;
      done += piece;
    }
  }

  private int piece(int most) {
    while (at == chain.length(buffer)) {
      buffer++;
      at = 0;
    }
    return Math.min(most, chain.length(buffer) - at);
  }

  /** Address of the chain's last byte, or -1 if the chosen part is empty. */
  public long last() {
    for (int i = end - 1; i >= buffer; i--) {
      if (chain.length(i) > 0) {
        return chain.address(i) + chain.length(i) - 1;
      }
    }
    return -1;
  }
}
