// SPDX-License-Identifier: EPL-2.0
/** Architectural performance monitoring of x86-64 processors. */
package org.xenolith.hw.perfmon;
