// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import org.osgi.annotation.versioning.ProviderType;

/** What answers one device's requests, on the thread that lets it: the machine's, as disks are read. Called on any thread, one at a time. */
@ProviderType
public interface FolderServer extends AutoCloseable {
  /**
   * Asks; it is carried out by {@link #work}.
   *
   * @param id      no other request of the device has it
   * @param message a whole message of 9P2000.L
   */
  void request(long id, byte[] message);

  /** An answer was taken by the machine: it needn't be kept any more. */
  void taken(long id);

  /** Carries out what is asked, in the order in which it was, and brings the answers. */
  void work();

  /**
   * All that is needed to go on later: what the guest has open, by path and version, and what is asked and wasn't answered.
   */
  byte[] save();

  /**
   * Goes on from there, once, before anything is asked. Files are opened again; what isn't the same any more is told, and the guest gets an error for it.
   *
   * @param pending ids of all requests that the device waits for; those that it doesn't know are answered by an error
   * @throws IllegalArgumentException if these bytes aren't what {@link #save} gives
   */
  void restore(byte[] saved, long[] pending);

  /** What it serves, for who looks; one line. */
  String description();

  /** Ends it: nothing is answered any more. */
  @Override
  void close();
}
