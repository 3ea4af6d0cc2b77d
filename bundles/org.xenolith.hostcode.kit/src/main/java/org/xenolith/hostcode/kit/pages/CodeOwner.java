// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import org.xenolith.machine.kit.Ram;

/** The CPU whose instructions are translated, as pages of code need it. */
public interface CodeOwner {
  /** The RAM at a physical address; null if none is there that instructions can be fetched from. */
  Ram readable(long frame);

  /** Tells of writes to pages that are marked as code, until {@link #ignore}. */
  void listen(Ram.CodeListener listener);

  void ignore(Ram.CodeListener listener);

  /** A page of RAM was marked as code: whoever writes to it by a way of his own must look again. */
  void marked(long frame);

  /** An instruction that has code was written: the CPU leaves what it executes. */
  void written();

  /** {@link NativePage#BY_WORDS} or {@link NativePage#BY_BYTES}. */
  int shift();

  /** Which of its machine's CPUs it is. */
  int index();

  /** What code depends on besides the host and the instructions: features of the CPU. */
  String kind();

  /** Tells the machine's events what became of code that is kept between runs. */
  void tell(String message);
}
