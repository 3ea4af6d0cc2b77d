package org.xenolith.hw.virtio.blk;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.virtio.api.Virtqueue.Chain;

/**
 * The readable or the writable part of a chain as one run of bytes: where a driver cuts it into buffers means nothing
 * (Virtual I/O Device 1.2, 2.7.4).
 */
final class ChainStream {
  private final DmaPort dma;
  private Chain chain;
  private int buffer;
  private int end;
  private int at;

  ChainStream(DmaPort dma) {
    this.dma = dma;
  }

  /** Starts at the first readable byte, or the first writable one. */
  ChainStream over(Chain newChain, boolean writable) {
    chain = newChain;
    buffer = writable ? chain.count - chain.writable : 0;
    end = writable ? chain.count : chain.count - chain.writable;
    at = 0;
    return this;
  }

  /** Bytes from the current position to the end. */
  long remaining() {
    long sum = -at;
    for (int i = buffer; i < end; i++) {
      sum += chain.length[i];
    }
    return buffer < end ? sum : 0;
  }

  /** Takes {@code length} bytes; there must be as many. */
  void read(byte[] into, int length) {
    for (int done = 0; done < length;) {
      int piece = piece(length - done);
      dma.read(chain.address[buffer] + at, into, done, piece);
      at += piece;
      done += piece;
    }
  }

  /** Puts {@code length} bytes; there must be room for as many. */
  void write(byte[] from, int length) {
    for (int done = 0; done < length;) {
      int piece = piece(length - done);
      dma.write(chain.address[buffer] + at, from, done, piece);
      at += piece;
      done += piece;
    }
  }

  private int piece(int most) {
    while (at == chain.length[buffer]) {
      buffer++;
      at = 0;
    }
    return Math.min(most, chain.length[buffer] - at);
  }

  /** Address of the chain's last byte, or -1 if the chosen part is empty. */
  long last() {
    for (int i = end - 1; i >= buffer; i--) {
      if (chain.length[i] > 0) {
        return chain.address[i] + chain.length[i] - 1;
      }
    }
    return -1;
  }
}
