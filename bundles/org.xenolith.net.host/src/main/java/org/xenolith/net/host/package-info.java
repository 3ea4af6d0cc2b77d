// SPDX-License-Identifier: EPL-2.0
/** Networks outside that are a file of the host: sockets and taps. */
package org.xenolith.net.host;
