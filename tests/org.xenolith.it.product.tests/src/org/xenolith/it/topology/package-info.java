// SPDX-License-Identifier: EPL-2.0
/** Topology files and device trees: every board of the Debian kernel package goes in, is judged, and comes out the same. */
package org.xenolith.it.topology;
