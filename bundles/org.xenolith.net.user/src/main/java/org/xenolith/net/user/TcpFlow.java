// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

/** The two ends of a connection as the guest sees them. */
record TcpFlow(InternetAddress guest, int guestPort, InternetAddress remote, int remotePort) {}
