export const slope = async () => undefined;
