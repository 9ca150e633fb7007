/** People, teams, tokens and sessions as the store keeps them. */

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly zone: string | null;
  readonly standIn: string | null;
  /** Absent until this instant; null: present. */
  readonly absentUntil: number | null;
  readonly active: boolean;
  readonly createdAt: number;
}

export interface TeamRow {
  readonly id: string;
  readonly title: string;
  readonly email: string | null;
}

export interface TokenRow {
  readonly id: string;
  readonly user: string;
  readonly title: string;
  /** SHA-256 of the token; the token itself is never stored. */
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface SessionRow {
  readonly id: string;
  readonly user: string | null;
  readonly data: string;
  readonly expiresAt: number;
}
