// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of network outside machines, a service. Its property {@link #WORD} is what the option {@code --nic WORD[,KEY=VALUE...]} asks
 * for it by: a NAT of its own, a socket to another emulator, an interface of the host. It is asked for by a launch only, never by a
 * model, and not at all where a journal is replayed: a machine sees frames as inputs that are written down.
 */
@ConsumerType
public interface OutsideNetwork {
  /** Service property: its word, letters of ASCII in lower case; one only. */
  String WORD = "xenolith.network";

  /**
   * Settings that it understands, by their keys; what each may say, in a line of text. The key {@code ""} is the text that stands behind
   * the word itself, {@code WORD=TEXT}. Others are refused before anything is opened.
   */
  Map<String, String> settings();

  /**
   * Opens it for one card. Threads and sockets are its own: it may send as soon as this is called, and never after {@link OutsideLink#close}
   * has returned.
   *
   * @param settings the texts of each key that was given, in their order
   * @throws IOException              what can't be opened, with its place and what to do about it
   * @throws IllegalArgumentException a setting that says nothing it understands, with the key and what it may be
   */
  OutsideLink open(Map<String, List<String>> settings, FrameReceiver machine) throws IOException;
}
