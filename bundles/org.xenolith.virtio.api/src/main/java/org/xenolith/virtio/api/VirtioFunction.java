// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.api;

import org.osgi.annotation.versioning.ConsumerType;

/** A virtio device (Virtual I/O Device 1.2, chapter 5) without its transport. */
@ConsumerType
public interface VirtioFunction {
  /** Device ID, for example 2 for a block device. */
  int deviceId();

  /** Feature bits offered, without those of the transport and the queues (bits 24 to 41). */
  long features();

  /** Number of virtqueues. */
  int queues();

  /** Largest size of queue {@code index}, a power of two. */
  int maxQueueSize(int index);

  /** Bytes of device-specific configuration. */
  int configSize();

  /** Reads 1, 2, 4 or 8 bytes of device-specific configuration; outside of it reads 0. */
  long readConfig(int offset, int size);

  /** Writes device-specific configuration; read-only fields ignore it. */
  void writeConfig(int offset, int size, long value);

  /** The driver accepted these features (FEATURES_OK). */
  void accepted(long features);

  /** The driver put buffers into queue {@code index}. The function works on it now. */
  void notified(int index, Virtqueue queue);

  /** The driver reset the device (status 0). */
  void resetByDriver();
}
