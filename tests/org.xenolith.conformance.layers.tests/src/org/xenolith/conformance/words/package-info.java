// SPDX-License-Identifier: EPL-2.0
/** Rules of what is said to people, looked up in what the build made. */
package org.xenolith.conformance.words;
