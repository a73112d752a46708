COPY public.:"table" TO STDOUT;
