// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.xenolith.launch.api.LaunchRequest;

/** Whether the person at a terminal wants a shell: the Debian guest else reports that it is up and powers off. */
final class ShellRequest {
  /** What all guests of the bundle {@code guest.debian} begin with. */
  private static final String DEBIAN = "debian";
  /** Words of the guest's init, of which {@code xl.shell} leaves the user at a shell. */
  private static final String WORD = "xl.";
  private static final String SHELL = "xl.shell";

  private ShellRequest() {}

  /**
   * What is appended to the guest's command line: what the user said, and a shell if one is asked for and the guest has our
   * init, which was not told what to do.
   */
  static String words(String guest, LaunchRequest request) {
    boolean shell = request.option(LaunchRequest.ATTENDED).contains(LaunchRequest.PERSON) && guest.startsWith(DEBIAN) && request.option(
        GuestOptions.INITRD).isEmpty()
        && !GuestOptions.append(request).contains(WORD);
    return shell ? (GuestOptions.append(request) + " " + SHELL).strip() : GuestOptions.append(request);
  }
}
